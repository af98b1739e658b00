using System.Net.Sockets;
using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A stop is quick, clean and loses nothing.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StopTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["Delivery__RetrySchedule"] = string.Join(',', Enumerable.Repeat("200ms", 20)),
    };

    [Theory]
    [InlineData(ServerProcess.Interrupt)]
    [InlineData(ServerProcess.Terminate)]
    public async Task Signal_UnderLoad_EndsWithin10SecondsAndEvery201IsDelivered(int signal)
    {
        await using var server = new Served(s_settings);
        await server.StartAsync();
        await using var traffic = await Traffic.CreateAsync(server, 3, failEvery: 5);
        traffic.Start(posters: 6);
        await Until.HoldsAsync(
            () => ValueTask.FromResult(traffic.Ledger.Accepted >= 200),
            Served.Patience,
            () => server.Process.Transcript
        );

        var (exitCode, took) = await server.StopAsync(signal);
        Assert.True(exitCode == 0, $"exit code {exitCode}: {server.Process.Transcript}");
        Assert.InRange(took, TimeSpan.Zero, s_bound);
        Assert.Empty(server.Process.Errors);
        Assert.DoesNotContain("   at ", server.Process.Output);

        await traffic.StopAsync();
        await server.Process.DisposeAsync();
        await server.StartAsync();
        await traffic.SettleAsync(Served.Patience);
        output.WriteLine(
            $"stopped in {took.TotalSeconds:F2} s; {traffic.Ledger.Accepted} accepted, {traffic.Ledger.Duplicates} duplicates"
        );
    }

    [Theory]
    [InlineData(ServerProcess.Interrupt)]
    [InlineData(ServerProcess.Terminate)]
    public async Task Signal_HungReceiverAndOpenConnections_EndsWithin10Seconds(int signal)
    {
        await using var server = new Served(s_settings);
        await server.StartAsync();
        await using var receiver = await TenantEndpointStub.StartAsync();
        var released = new TaskCompletionSource();
        receiver.Answer = async _ =>
        {
            await released.Task;
            return new StubAnswer(204);
        };
        var key = await server.CreateTenantAsync("acme", receiver.Url);
        Assert.Equal(201, (await server.PostAsync("/v1/events", key, "{}")).Status);
        using var patience = new CancellationTokenSource(Served.Patience);
        await receiver.WaitForRequestAsync(patience.Token);
        using var idle = await ConnectAsync(server, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        // Neither an idle connection nor half a request may hold it up, or take the attempts' time.
        using var half = await ConnectAsync(server, "GET /health/live HTTP/1.1\r\nHost");

        var (exitCode, took) = await server.StopAsync(signal);
        Assert.True(exitCode == 0, $"exit code {exitCode}: {server.Process.Transcript}");
        Assert.InRange(took, TimeSpan.Zero, s_bound);
        Assert.DoesNotContain("   at ", server.Process.Transcript);
        Assert.Contains(
            "1 attempts were still under way when the drain time ended",
            server.Process.Output
        );
        output.WriteLine($"stopped in {took.TotalSeconds:F2} s");

        // What was cut off is attempted again.
        released.SetResult();
        await server.Process.DisposeAsync();
        await server.StartAsync();
        await receiver.WaitForRequestAsync(patience.Token);
        await server.WaitUntilSettledAsync(key, Served.Patience);
        Assert.Single(await server.ListAsync(key, "DELIVERED"));
    }

    private static async Task<TcpClient> ConnectAsync(Served server, string request)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return client;
    }
}
