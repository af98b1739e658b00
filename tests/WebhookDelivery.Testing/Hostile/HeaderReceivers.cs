using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>Receivers whose headers break the rules or never end.</summary>
internal static class HeaderReceivers
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    private static readonly byte[] s_tinyHeaders = Encoding.ASCII.GetBytes(
        Ok + string.Concat(Enumerable.Repeat("a:b\r\n", 100_000)) + "\r\n"
    );

    public static IReadOnlyList<HostileReceiver> All { get; } =
    [
        Flood("endless headers", Ok, "X-More: and more\r\n"),
        Flood("endless header line", Ok + "X-Giant: ", new string('a', 4096)),
        HostileReceiver.Of(
            "100,000 tiny headers",
            ReasonCode.BadResponse,
            null,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(s_tinyHeaders);
                await connection.WaitForHangUpAsync();
            }
        ),
        Bad("header without a colon", "nonsense\r\n\r\n"),
        Bad("header name with a space", "X Y: z\r\n\r\n"),
        Bad("NUL in a header name", "X\0Y: z\r\n\r\n"),
        Good(
            "control characters in header values",
            "X: a\x01\x07\x1b[31m\r\nContent-Type: text/\x1b[2J\x02plain\r\nContent-Length: 0\r\n\r\n"
        ),
        Ending("conflicting lengths", "Content-Length: 3\r\nContent-Length: 7\r\n\r\nabcdefg"),
        Good("length given twice", "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
        Ending("negative length", "Content-Length: -1\r\n\r\nabc"),
        Ending("length beyond 64 bits", "Content-Length: 99999999999999999999\r\n\r\nabc"),
        Good(
            "length beside chunks",
            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        ),
        Ending("transfer coding of no meaning", "Transfer-Encoding: gzip, magic\r\n\r\nabc"),
        Good(
            "2xx that would upgrade",
            "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n"
        ),
    ];

    private static HostileReceiver Flood(string name, string start, string forever) =>
        HostileReceiver.Flooding(
            name,
            ReasonCode.BadResponse,
            null,
            start,
            Encoding.ASCII.GetBytes(forever)
        );

    private static HostileReceiver Bad(string name, string rest) =>
        HostileReceiver.Answering(name, ReasonCode.BadResponse, null, Ok + rest);

    private static HostileReceiver Good(string name, string rest) =>
        HostileReceiver.Answering(name, ReasonCode.Delivered, 200, Ok + rest);

    /// <summary>Closes after the answer: these bodies have no other end.</summary>
    private static HostileReceiver Ending(string name, string rest) =>
        HostileReceiver.Closing(name, ReasonCode.Delivered, 200, Ok + rest);
}
