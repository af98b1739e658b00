using System.Net.Sockets;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>
/// Clients that open more connections than the server may have file descriptors: it keeps enough for
/// its database and for receivers.
/// </summary>
public sealed class DescriptorTests(ITestOutputHelper output)
{
    private const int Limit = 768;

    [Fact]
    public async Task Serve_MoreConnectionsThanDescriptors_DeliversMeanwhileAndTakesNewOnesAfterwards()
    {
        await using var server = new Served(
            new Dictionary<string, string>
            {
                ["Delivery__RetrySchedule"] = string.Join(',', Enumerable.Repeat("200ms", 20)),
            }
        );
        await server.StartAsync("sh", "-c", $"ulimit -n {Limit}; exec \"$@\"", "sh");
        await using var traffic = await Traffic.CreateAsync(server, 2, failEvery: 5);
        traffic.Start(posters: 4);
        await AcceptedAsync(server, traffic, 50);

        var taken = new List<TcpClient>();
        try
        {
            // More connections than it has descriptors, each in the middle of a request.
            for (var i = 0; i < Limit + 50; i++)
            {
                taken.Add(await ConnectAsync(server));
            }

            // Those that had a connection before go on.
            await AcceptedAsync(server, traffic, 50);
            Assert.False(server.Process.HasExited, server.Process.Transcript);
        }
        finally
        {
            taken.ForEach(client => client.Dispose());
        }

        await server.WaitUntilReadyAsync();
        await AcceptedAsync(server, traffic, 50);
        await traffic.StopAsync();
        await traffic.SettleAsync(Served.Patience);
        output.WriteLine(
            $"{traffic.Ledger.Accepted} accepted, {traffic.Ledger.Duplicates} duplicates"
        );
    }

    /// <summary>Whether the server keeps it is the server's affair.</summary>
    private static async Task<TcpClient> ConnectAsync(Served server)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", server.Port);
            await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\n"u8.ToArray());
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // Refused, or closed at once.
        }

        return client;
    }

    private static Task AcceptedAsync(Served server, Traffic traffic, int more)
    {
        var enough = traffic.Ledger.Accepted + more;
        return Until.HoldsAsync(
            () => ValueTask.FromResult(traffic.Ledger.Accepted >= enough),
            Served.Patience,
            () => $"only {traffic.Ledger.Accepted} accepted: {server.Process.Transcript}"
        );
    }
}
