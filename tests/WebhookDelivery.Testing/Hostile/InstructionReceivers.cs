using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>Receivers that tell their sender to do something: go elsewhere, wait, keep a cookie.</summary>
internal static class InstructionReceivers
{
    private static readonly int[] s_redirects = [301, 302, 303, 307, 308];

    private static readonly (string Name, string[] Values)[] s_waits =
    [
        ("negative Retry-After", ["-5"]),
        ("Retry-After of 10^20", ["100000000000000000000"]),
        ("Retry-After in the year 9999", ["Fri, 31 Dec 9999 23:59:59 GMT"]),
        ("Retry-After of no meaning", ["soon\x01"]),
        ("two Retry-After", ["0", "999999999"]),
    ];

    public static IReadOnlyList<HostileReceiver> All { get; } =
    [
        .. s_redirects.Select(status =>
            HostileReceiver.Answering(
                $"redirect {status} to itself",
                ReasonCode.HttpStatus,
                status,
                $"HTTP/1.1 {status} Go\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n"
            )
        ),
        .. s_waits.Select(wait =>
            HostileReceiver.Answering(
                wait.Name,
                ReasonCode.Throttled,
                429,
                "HTTP/1.1 429 Wait\r\nContent-Length: 0\r\n"
                    + string.Concat(wait.Values.Select(value => $"Retry-After: {value}\r\n"))
                    + "\r\n"
            )
        ),
        HostileReceiver.Answering(
            "challenge to authenticate",
            ReasonCode.HttpStatus,
            401,
            "HTTP/1.1 401 Who\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"
        ),
        HostileReceiver.Of(
            "Set-Cookie",
            ReasonCode.Delivered,
            200,
            async connection =>
            {
                while (true)
                {
                    var (head, _) = await connection.ReadRequestAsync();
                    var status = head.Contains("\r\nCookie:", StringComparison.OrdinalIgnoreCase)
                        ? "500 Cookie came back"
                        : "200 OK";
                    await connection.SendAsync(
                        $"HTTP/1.1 {status}\r\nSet-Cookie: id=1; Path=/\r\nContent-Length: 0\r\n\r\n"
                    );
                }
            }
        ),
        new HostileReceiver(
            "success and failure in turn",
            async (connection, stage) =>
            {
                while (true)
                {
                    await connection.ReadRequestAsync();
                    var status = stage.NextTurn() % 2 == 0 ? "200 OK" : "500 Oops";
                    await connection.SendAsync($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                }
            }
        )
        {
            Outcomes =
            [
                new HostileOutcome(ReasonCode.Delivered, 200),
                new HostileOutcome(ReasonCode.HttpStatus, 500),
            ],
        },
    ];
}
