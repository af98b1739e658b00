using System.Net;
using System.Net.Sockets;
using System.Text;
using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class PacedConnectionsTests
{
    private const int Posts = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Send_ServerThatAnswersNobodyUntilAllHavePosted_IsSentAll()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerTogetherAsync(listener, cancellationToken);
        using var connections = new PacedConnections(
            (IPEndPoint)listener.LocalEndpoint,
            "POST / HTTP/1.1\r\n\r\n"u8.ToArray(),
            Posts,
            connectionsAtFirst: 1
        );

        var sending = Task.Run(
            () =>
            {
                for (var n = 0; n < Posts; n++)
                {
                    connections.Send(n, due: 100 + n);
                }
            },
            cancellationToken
        );

        await sending.WaitAsync(Patience, cancellationToken);
        await connections.Answered.WaitAsync(Patience, cancellationToken);
        await serving;
        Assert.All(connections.Samples, sample => Assert.True(sample.IsAccepted));
        Assert.Equal([100, 101, 102], connections.Samples.Select(sample => sample.Due));
        Assert.Distinct(connections.Samples.Select(sample => sample.EventId));
    }

    /// <summary>A closed loop would wait for its first answer for ever.</summary>
    private static async Task AnswerTogetherAsync(
        TcpListener listener,
        CancellationToken cancellationToken
    )
    {
        var clients = new List<Socket>();
        try
        {
            while (clients.Count < Posts)
            {
                var client = await listener.AcceptSocketAsync(cancellationToken);
                clients.Add(client);
                await client.ReceiveAsync(new byte[100], cancellationToken);
            }

            for (var n = 0; n < Posts; n++)
            {
                var answer =
                    $"HTTP/1.1 201 Created\r\nLocation: /v1/events/evt_{n:d26}\r\nContent-Length: 0\r\n\r\n";
                await clients[n].SendAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
