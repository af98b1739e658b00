using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>Receivers that play with a connection which is kept for the next request.</summary>
internal static class ReuseReceivers
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private const string Gone = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    public static IReadOnlyList<HostileReceiver> All { get; } =
    [
        HostileReceiver.Answering("a response too many", ReasonCode.Delivered, 200, Ok + Gone),
        HostileReceiver.Of(
            "a response too many, late",
            ReasonCode.Delivered,
            200,
            async connection =>
            {
                await AnswerUntilIdleAsync(connection);
                // What answers no request now must answer none later.
                await connection.SendAsync(Gone);
                await connection.WaitForHangUpAsync();
            }
        ),
        HostileReceiver.Of(
            "kept connection closed while idle",
            ReasonCode.Delivered,
            200,
            AnswerUntilIdleAsync
        ),
        new HostileReceiver(
            "kept connection closed as it is used again",
            async (connection, _) =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(Ok);
                await connection.ReadRequestAsync();
            }
        )
        {
            Outcomes =
            [
                new HostileOutcome(ReasonCode.Delivered, 200),
                new HostileOutcome(ReasonCode.ConnectFailed),
            ],
        },
        new HostileReceiver(
            "kept connection reset as it is used again",
            async (connection, _) =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(Ok);
                await connection.ReadSomeAsync();
                connection.Reset();
            }
        )
        {
            Outcomes =
            [
                new HostileOutcome(ReasonCode.Delivered, 200),
                new HostileOutcome(ReasonCode.ConnectFailed),
            ],
        },
    ];

    private static async Task AnswerUntilIdleAsync(RawConnection connection)
    {
        do
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Ok);
            await Task.Delay(s_pause, connection.Stopping);
        } while (connection.HasUnread);
    }
}
