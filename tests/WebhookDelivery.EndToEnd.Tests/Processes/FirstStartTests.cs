using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What somebody meets who runs it for the first time.</summary>
[Collection(ProcessCollection.Name)]
public sealed partial class FirstStartTests(ITestOutputHelper output) : IDisposable
{
    private const string QuickStartSecret = "whsec_cXVpY2stc3RhcnQtc2VjcmV0LW5vdC1mb3ItdXNl";
    private const string QuickStartTarget = "http://localhost:9000/";

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task QuickStart_PrintedLines_WorkAsPrinted()
    {
        // Its own port if nobody else has it; otherwise the printed line is told another.
        var port = IsFree(9000) ? 9000 : ServerProcess.FreePort();
        await using var receiver = ServerProcess.Start(
            Programs.Receiver,
            _directory.Path,
            ["--port", $"{port}", "--secret", QuickStartSecret]
        );
        await receiver.WaitForLineAsync($":{port}", Served.Patience);
        await using var server = await ServeAsync();
        var lines = server
            .Output.Split('\n')
            .Where(line => line.Contains("curl -s ", StringComparison.Ordinal))
            .Select(line =>
                line.Replace(
                    QuickStartTarget,
                    $"http://localhost:{port}/",
                    StringComparison.Ordinal
                )
            )
            .ToArray();
        Assert.Equal(2, lines.Length);

        var (exitCode, text) = await BashAsync(string.Join('\n', lines));
        output.WriteLine(text);
        Assert.True(exitCode == 0, text);
        Assert.Contains("api_key", text);

        using var http = new HttpClient();
        JsonElement received = default;
        await Until.HoldsAsync(
            async () =>
            {
                var url = new Uri($"http://127.0.0.1:{port}/received");
                received = JsonDocument.Parse(await http.GetStringAsync(url)).RootElement;
                return received.GetArrayLength() > 0;
            },
            Served.Patience,
            () => $"{server.Transcript}\n{receiver.Transcript}"
        );
        Assert.Equal(1, received.GetArrayLength());
        Assert.Equal("order.created", received[0].GetProperty("type").GetString());
        Assert.Equal("Stripe, StandardWebhooks", received[0].GetProperty("verified").GetString());
        Assert.Equal(
            """{"type":"order.created","order_id":"42"}""",
            received[0].GetProperty("body").GetString()
        );
    }

    [Fact]
    public async Task OperatorKey_PrintedOnce_AdminKeyReplacesIt()
    {
        string first;
        await using (var server = await ServeAsync())
        {
            first = KeyIn(server.Output);
            Assert.Single(KeyPattern().Matches(server.Output).DistinctBy(match => match.Value));
            Assert.Equal(0, await StopAsync(server));
        }

        await using (var again = await ServeAsync())
        {
            Assert.DoesNotContain("wha_", again.Transcript);
            Assert.Equal(200, await StatusAsync(again, first));
            Assert.Equal(0, await StopAsync(again));
        }

        string second;
        await using (var replace = Start(null, "admin-key", "--data", Data))
        {
            Assert.Equal(0, await replace.WaitForExitAsync(Served.Patience));
            second = replace.Output;
            Assert.Equal(KeyIn(second), second);
            Assert.Contains("revoked", replace.Errors);
        }

        await using (var third = await ServeAsync())
        {
            Assert.Equal(401, await StatusAsync(third, first));
            Assert.Equal(200, await StatusAsync(third, second));
            Assert.Equal(0, await StopAsync(third));
        }

        // Configured by environment: accepted beside the others; refused once it is revoked.
        var configured = new Dictionary<string, string> { ["WebhookDelivery__AdminKey"] = first };
        await using var revoked = Start(configured, "serve", "--data", Data, "--urls", FreeUrl());
        Assert.Equal(2, await revoked.WaitForExitAsync(Served.Patience));
        Assert.Contains("WebhookDelivery:AdminKey", revoked.Errors);
    }

    [Fact]
    public async Task AdminKey_ByEnvironment_IsAcceptedAndNotPrinted()
    {
        await using var server = new Served();
        await server.StartAsync();
        await server.Process.WaitForLineAsync("Ctrl-C stops it", Served.Patience);
        Assert.DoesNotContain("wha_", server.Process.Transcript);
        await server.CreateTenantAsync("acme");
    }

    [Fact]
    public async Task AdminKey_AnotherConfigured_RevokesTheFormer()
    {
        var (first, _) = ApiKeyToken.Create(ApiKeyRole.Operator, null, null, DateTimeOffset.UtcNow);
        var (second, _) = ApiKeyToken.Create(
            ApiKeyRole.Operator,
            null,
            null,
            DateTimeOffset.UtcNow
        );
        foreach (var (configured, other) in new[] { (first, second), (second, first) })
        {
            await using var server = Start(
                new Dictionary<string, string> { ["WebhookDelivery__AdminKey"] = configured },
                "serve",
                "--data",
                Data,
                "--urls",
                FreeUrl()
            );
            await server.WaitForLineAsync("Ctrl-C stops it", Served.Patience);
            Assert.Equal(200, await StatusAsync(server, configured));
            Assert.Equal(401, await StatusAsync(server, other));
            Assert.Equal(0, await StopAsync(server));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MasterKey_LostOrAnother_RefusesToStartAndMakesNone(bool lost)
    {
        await using (var server = new Served())
        {
            await server.StartAsync();
            await server.CreateTenantAsync("acme");
            await server.StopAsync();
            var key = Path.Combine(server.DataDirectory, "master.key");
            File.Delete(key);
            var environment = lost
                ? null
                : new Dictionary<string, string>
                {
                    ["WebhookDelivery__Secrets__MasterKey"] = Convert.ToBase64String(new byte[32]),
                };
            await using var refused = Start(
                environment,
                "serve",
                "--data",
                server.DataDirectory,
                "--urls",
                FreeUrl()
            );
            Assert.Equal(2, await refused.WaitForExitAsync(Served.Patience));
            Assert.Contains("master.key", refused.Errors);
            Assert.Contains("restore", refused.Errors);
            Assert.False(File.Exists(key));
        }
    }

    [Fact]
    public async Task Seed_Twice_MakesThreeTenantsOnce()
    {
        await using var server = new Served();
        await server.StartAsync();
        var first = await SeedAsync(server);
        Assert.Equal(3, first.Split("whk_").Length - 1);
        Assert.Equal(3, first.Split("whsec_").Length - 1);
        Assert.All(
            ["test-tenant", "acme", "globex"],
            tenant => Assert.Contains($"http://localhost:9000/webhooks/{tenant}", first)
        );

        var second = await SeedAsync(server);
        Assert.DoesNotContain("whk_", second);
        Assert.Equal(3, second.Split("exists").Length - 1);
        var tenants = await server.GetAsync("/v1/tenants", server.OperatorKey);
        Assert.Equal(3, tenants.Json.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Demo_EveryClaimHeld_LeavesNothing()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_directory.Path, "tmp")).FullName;
        var start = Stopwatch.GetTimestamp();
        await using var demo = Start(
            new Dictionary<string, string> { ["TMPDIR"] = temporary },
            "demo"
        );
        var exitCode = await demo.WaitForExitAsync(Served.Patience);
        var took = Stopwatch.GetElapsedTime(start);
        Assert.True(exitCode == 0, demo.Transcript);
        Assert.Empty(demo.Errors);
        Assert.DoesNotContain("FAILED  ", demo.Output);
        var summary = SummaryPattern().Match(demo.Output);
        Assert.True(summary.Success, demo.Output);
        Assert.Equal(summary.Groups["held"].Value, summary.Groups["all"].Value);
        Assert.InRange(took.TotalSeconds, 0, 15);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        Assert.False(Directory.Exists(Path.Combine(_directory.Path, "data")));
        output.WriteLine($"{summary.Value}; the process took {took.TotalSeconds:F1} s");
    }

    public void Dispose() => _directory.Dispose();

    private string Data => Path.Combine(_directory.Path, "data");

    private static string FreeUrl() => $"http://127.0.0.1:{ServerProcess.FreePort()}";

    private static string KeyIn(string text) => KeyPattern().Match(text).Value;

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<int> StatusAsync(ServerProcess server, string key)
    {
        var url = UrlPattern().Match(server.Output).Value;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/v1/tenants");
        request.Headers.Add("Authorization", $"Bearer {key}");
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static Task<int> StopAsync(ServerProcess server)
    {
        server.Signal(ServerProcess.Interrupt);
        return server.WaitForExitAsync(Served.Patience);
    }

    private ServerProcess Start(
        Dictionary<string, string>? environment,
        params string[] arguments
    ) => ServerProcess.Start(Programs.Server, _directory.Path, arguments, environment);

    private async Task<ServerProcess> ServeAsync()
    {
        // Known beforehand: what is printed after the warning may not be here yet.
        var lastLine = Directory.Exists(Data) ? "Warning: --dev" : "/v1/events";
        var server = Start(null, "serve", "--dev", "--data", Data, "--urls", FreeUrl());
        await server.WaitForLineAsync(lastLine, Served.Patience);
        return server;
    }

    private async Task<string> SeedAsync(Served server)
    {
        await using var seed = Start(
            new Dictionary<string, string> { ["WebhookDelivery__AdminKey"] = server.OperatorKey },
            "seed",
            "--url",
            $"{server.Url}"
        );
        var exitCode = await seed.WaitForExitAsync(Served.Patience);
        Assert.True(exitCode == 0, seed.Transcript);
        return seed.Output;
    }

    private async Task<(int ExitCode, string Output)> BashAsync(string line)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", line])
        {
            WorkingDirectory = _directory.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var bash = Process.Start(start)!;
        var text = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, text);
    }

    [GeneratedRegex("wha_[0-9a-z_]+", RegexOptions.None, 1000)]
    private static partial Regex KeyPattern();

    [GeneratedRegex("http://127.0.0.1:[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex UrlPattern();

    [GeneratedRegex(
        "(?<held>[0-9]+) of (?<all>[0-9]+) claims held",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SummaryPattern();
}
