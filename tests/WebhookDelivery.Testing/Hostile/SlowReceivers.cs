using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>Receivers that hold their sender by slowness.</summary>
internal static class SlowReceivers
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    /// <summary>Many times what the receiver's kernel takes of it.</summary>
    private const int LargePayloadBytes = 1_000_000;

    private const int SmallBufferBytes = 4096;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public static IReadOnlyList<HostileReceiver> All { get; } =
    [
        HoldingAfter("silence", ""),
        Large("request never read", connection => connection.IgnoreAsync()),
        Large("request read a byte at a time", connection => connection.SipAsync(s_pause)),
        Trickling("trickled status line", "", Ok.PadRight(1000, 'x')),
        Trickling("trickled header", Ok, "X-Slow: ".PadRight(1000, 'x')),
        Trickling(
            "trickled interim responses",
            "",
            string.Concat(Enumerable.Repeat("HTTP/1.1 102 P\r\n\r\n", 100))
        ),
        HoldingAfter("all but the last line end", Ok + "Content-Length: 0\r\n\r"),
        new HostileReceiver(
            "2xx late in the deadline",
            async (connection, stage) =>
            {
                await connection.ReadRequestAsync();
                await Task.Delay(stage.Deadline * 0.6, connection.Stopping);
                await connection.SendAsync(Ok + "Content-Length: 0\r\n\r\n");
            }
        )
        {
            Outcomes = [new HostileOutcome(ReasonCode.Delivered, 200)],
            Ends = AttemptEnd.Deadline,
        },
        HostileReceiver.Of(
            "trickled body",
            ReasonCode.Delivered,
            200,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(Ok + "Content-Length: 1000\r\n\r\n");
                await connection.TrickleAsync(new string('x', 1000), s_pause);
            }
        ) with
        {
            Ends = AttemptEnd.BodyTime,
        },
    ];

    private static HostileReceiver HoldingAfter(string name, string sent) =>
        Timing(
            name,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(sent);
                await connection.WaitForHangUpAsync();
            }
        );

    private static HostileReceiver Trickling(string name, string start, string rest) =>
        Timing(
            name,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(start);
                await connection.TrickleAsync(rest, s_pause);
            }
        );

    private static HostileReceiver Large(string name, Func<RawConnection, Task> script) =>
        Timing(name, script) with
        {
            PayloadBytes = LargePayloadBytes,
            ReceiveBufferBytes = SmallBufferBytes,
        };

    private static HostileReceiver Timing(string name, Func<RawConnection, Task> script) =>
        HostileReceiver.Of(name, ReasonCode.Timeout, null, script) with
        {
            Ends = AttemptEnd.Deadline,
        };
}
