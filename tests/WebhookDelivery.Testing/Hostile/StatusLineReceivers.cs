using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>Receivers whose status line is not one, or an odd one.</summary>
internal static class StatusLineReceivers
{
    private const string Rest = "\r\nContent-Length: 0\r\n\r\n";

    public static IReadOnlyList<HostileReceiver> All { get; } =
    [
        Bad("binary garbage", "\x01\x02\xff\xfe\0 hello\r\n\r\n"),
        Bad("another protocol", "SSH-2.0-OpenSSH_9.9\r\n"),
        Bad("HTTP/0.9", "<html>delivered, honestly</html>\r\n"),
        Bad("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Bad("HTTP/2 frame", "\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\n"),
        Bad("HTTP/9.9", "HTTP/9.9 200 OK" + Rest),
        Bad("no status", "HTTP/1.1" + Rest),
        Bad("status in letters", "HTTP/1.1 abc OK" + Rest),
        Bad("status 000", "HTTP/1.1 000 Nothing" + Rest),
        Bad("status 099", "HTTP/1.1 099 Less" + Rest),
        Bad("status 1000", "HTTP/1.1 1000 More" + Rest),
        Bad("status 200000", "HTTP/1.1 200000 OK" + Rest),
        Bad("status -1", "HTTP/1.1 -1 OK" + Rest),
        Answer("status 999", ReasonCode.HttpStatus, 999, "HTTP/1.1 999 Most" + Rest),
        Answer("no reason phrase", ReasonCode.Delivered, 200, "HTTP/1.1 200" + Rest),
        Answer(
            "control characters in the reason phrase",
            ReasonCode.Delivered,
            200,
            "HTTP/1.1 200 \x01\x1b[31mOK\x07" + Rest
        ),
        HostileReceiver.Flooding(
            "endless reason phrase",
            ReasonCode.BadResponse,
            null,
            "HTTP/1.1 200 ",
            Encoding.ASCII.GetBytes(new string('a', 4096))
        ),
        HostileReceiver.Flooding(
            "flood of interim responses",
            ReasonCode.BadResponse,
            null,
            "",
            Encoding.ASCII.GetBytes(
                string.Concat(Enumerable.Repeat("HTTP/1.1 103 Hints\r\nA: b\r\n\r\n", 100))
            )
        ),
        Answer(
            "upgrade unasked",
            ReasonCode.HttpStatus,
            101,
            "HTTP/1.1 101 Up\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"
        ),
    ];

    private static HostileReceiver Bad(string name, string answer) =>
        Answer(name, ReasonCode.BadResponse, null, answer);

    private static HostileReceiver Answer(
        string name,
        ReasonCode reason,
        int? status,
        string answer
    ) => HostileReceiver.Answering(name, reason, status, answer);
}
