using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary><c>scripts/aws-local.sh</c>, as somebody runs it who wants to see the AWS engine at work.</summary>
[Collection(ProcessCollection.Name)]
public sealed class AwsLocalTests
{
    private static readonly string s_script = Path.GetFullPath(
        Path.Combine(NpmVerifier.EmulatorsDirectory, "..", "..", "scripts", "aws-local.sh")
    );

    [Fact]
    public async Task AwsLocal_Started_DeliversAndEndsByCtrlCWithAllThatItStarted()
    {
        using var directory = new TemporaryDirectory();
        await using var receiver = await TenantEndpointStub.StartAsync();
        var (dynamoDb, sqs) = (ServerProcess.FreePort(), ServerProcess.FreePort());
        var url = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        var key = ApiKeyToken
            .Create(ApiKeyRole.Operator, null, null, DateTimeOffset.UnixEpoch)
            .Text;
        // A group of its own, which Ctrl-C in a terminal would reach as a whole.
        var start = new ProcessStartInfo("setsid", [s_script, "--urls", $"{url}"])
        {
            WorkingDirectory = directory.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DYNAMODB_PORT"] = $"{dynamoDb}",
                ["SQS_PORT"] = $"{sqs}",
                ["WebhookDelivery__AdminKey"] = key,
            },
        };
        using var script = Process.Start(start)!;
        var errors = script.StandardError.ReadToEndAsync();
        var group = script.Id;
        try
        {
            await WaitForLineAsync(script.StandardOutput, "Ctrl-C stops it", errors);
            await PostAsync(url, key, receiver);
            using var patience = new CancellationTokenSource(Served.Patience);
            await receiver.WaitForRequestAsync(patience.Token);
            Assert.Equal("""{"n":1}"""u8.ToArray(), receiver.Requests[0].Body);

            Assert.Equal(0, await SignalAsync("INT", group));
            await script.WaitForExitAsync(patience.Token);
            await Until.HoldsAsync(
                async () => await SignalAsync("0", group) != 0,
                Served.Patience,
                () => $"Process group {group} goes on."
            );
            Assert.All([dynamoDb, sqs, url.Port], port => Assert.False(Listens(port)));
        }
        finally
        {
            await SignalAsync("KILL", group);
        }
    }

    private static async Task PostAsync(Uri url, string operatorKey, TenantEndpointStub receiver)
    {
        using var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", operatorKey);
        using var tenant = await http.PostAsJsonAsync(
            "/v1/tenants",
            new { tenant_id = "acme", target_url = receiver.Url }
        );
        var made = await tenant.Content.ReadFromJsonAsync<JsonElement>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            made.GetProperty("api_key").GetString()
        );
        using var posted = await http.PostAsJsonAsync("/v1/events", new { n = 1 });
        Assert.Equal(201, (int)posted.StatusCode);
    }

    private static async Task WaitForLineAsync(
        StreamReader output,
        string text,
        Task<string> errors
    )
    {
        using var patience = new CancellationTokenSource(Served.Patience * 2);
        var lines = new List<string>();
        while (await output.ReadLineAsync(patience.Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                _ = output.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        Assert.Fail($"It ended: {string.Join('\n', lines)}\n{await errors}");
    }

    /// <summary>Signals a process group. Returns 0 if there is one.</summary>
    private static async Task<int> SignalAsync(string signal, int group)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} -{group} 2>/dev/null"]);
        await kill.WaitForExitAsync();
        return kill.ExitCode;
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
