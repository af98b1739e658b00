using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The systemd unit starts this program, as it is now.</summary>
[Collection(ProcessCollection.Name)]
public sealed class SystemdUnitTests : IDisposable
{
    private const string UnitPath = "systemd/webhookdelivery.service";
    private const string DropInPath = "systemd/credentials.conf";
    private const string Dotnet = "/usr/bin/dotnet";
    private const string Program = "/opt/webhookdelivery/WebhookDelivery.Server.dll";
    private const string Data = "/var/lib/webhookdelivery";

    private readonly TemporaryDirectory _directory = new();
    private readonly ILookup<string, string> _unit = Settings(UnitPath);

    [Fact]
    public async Task Unit_ItsCommandLine_StartsAServerThatSaysWhenItListens()
    {
        var words = One("ExecStart").Split(' ');
        Assert.Equal([Dotnet, Program], words[..2]);
        Assert.Equal("notify", One("Type"));
        Assert.Equal(Data, $"/var/lib/{One("StateDirectory")}");
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        string[] arguments =
        [
            .. words[2..]
                .Select(word =>
                    word.StartsWith("http:", StringComparison.Ordinal) ? url
                    : word == Data ? Path.Combine(_directory.Path, "data")
                    : word
                ),
        ];
        Assert.Contains(url, arguments);
        Assert.Contains("--data", arguments);
        Assert.DoesNotContain(Data, arguments);

        var (master, admin) = (MasterKeyRing.Create().Format(), NewOperatorKey());
        var environment = Credentials(("master.key", master), ("admin.key", admin + "\n"));
        environment["NOTIFY_SOCKET"] = Path.Combine(_directory.Path, "notify");
        using var manager = new Socket(
            AddressFamily.Unix,
            SocketType.Dgram,
            ProtocolType.Unspecified
        );
        manager.Bind(new UnixDomainSocketEndPoint(environment["NOTIFY_SOCKET"]));
        await using var server = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            arguments,
            environment
        );

        Assert.Equal("READY=1", await ReceiveAsync(manager));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/v1/tenants");
        request.Headers.Add("Authorization", $"Bearer {admin}");
        using var answer = await http.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.False(File.Exists(Path.Combine(_directory.Path, "data", "master.key")));
        Assert.Equal(0, await HealthAsync(url));

        server.Signal(ServerProcess.Terminate);
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
        Assert.Equal(0, await server.WaitForExitAsync(Served.Patience));
        Assert.Equal(1, await HealthAsync(url));
        Assert.DoesNotContain(admin, server.Transcript);
    }

    [Fact]
    public void Unit_Stopping_LeavesTheServerItsTimeAndKeepsWhatCannotStartStopped()
    {
        Assert.Equal("SIGTERM", One("KillSignal"));
        Assert.InRange(int.Parse(One("TimeoutStopSec"), CultureInfo.InvariantCulture), 15, 90);
        Assert.Equal("on-failure", One("Restart"));
        // StartTests show that it is 2.
        Assert.Equal("2", One("RestartPreventExitStatus"));
        var files = int.Parse(One("LimitNOFILE"), CultureInfo.InvariantCulture);
        Assert.InRange(files, (2 * new DeliveryOptions().MaxInFlight) + 10_000, 1_000_000);
    }

    [Fact]
    public async Task Unit_AndDropIn_AreGoodToSystemd()
    {
        // Where systemd is not installed, the other tests have to do.
        if (!Programs.IsInstalled("systemd-analyze"))
        {
            return;
        }

        var unit = Path.Combine(_directory.Path, "webhookdelivery.service");
        Directory.CreateDirectory(unit + ".d");
        await File.WriteAllTextAsync(
            unit,
            DeployFiles
                .Read(UnitPath)
                .Replace(Dotnet, Environment.ProcessPath, StringComparison.Ordinal)
        );
        await File.WriteAllTextAsync(
            Path.Combine(unit + ".d", "credentials.conf"),
            DeployFiles.Read(DropInPath)
        );
        var start = new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", unit])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var verify = Process.Start(start)!;
        var words = await verify.StandardError.ReadToEndAsync();
        await verify.WaitForExitAsync();
        Assert.True(verify.ExitCode == 0, words);
        Assert.DoesNotContain("webhookdelivery.service", words);
        Assert.DoesNotContain("credentials.conf", words);
    }

    public void Dispose() => _directory.Dispose();

    private static ILookup<string, string> Settings(string path) =>
        DeployFiles
            .Lines(path)
            .Where(line => line[0] != '[')
            .Select(line => line.Split('=', 2))
            .ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static string NewOperatorKey() =>
        ApiKeyToken.Create(ApiKeyRole.Operator, null, null, DateTimeOffset.UnixEpoch).Text;

    private static async Task<string> ReceiveAsync(Socket manager)
    {
        using var patient = new CancellationTokenSource(Served.Patience);
        var buffer = new byte[256];
        var length = await manager.ReceiveAsync(buffer, SocketFlags.None, patient.Token);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private string One(string setting) => Assert.Single(_unit[setting]);

    /// <summary>The drop-in's environment, its credentials in files where systemd would put them.</summary>
    private Dictionary<string, string> Credentials(params (string Name, string Text)[] files)
    {
        var dropIn = Settings(DropInPath);
        Assert.Equal(
            files.Select(file => file.Name),
            dropIn["LoadCredential"].Select(credential => credential.Split(':')[0])
        );
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(_directory.Path, name), text);
        }

        return dropIn["Environment"]
            .Select(variable => variable.Split('=', 2))
            .ToDictionary(
                pair => pair[0],
                pair => pair[1].Replace("%d", _directory.Path, StringComparison.Ordinal),
                StringComparer.Ordinal
            );
    }

    private async Task<int> HealthAsync(string url)
    {
        await using var health = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            ["health", "--url", url]
        );
        return await health.WaitForExitAsync(Served.Patience);
    }
}
