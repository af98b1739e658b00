using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>Receivers that end the connection where they should not.</summary>
internal static class ConnectionReceivers
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    public static IReadOnlyList<HostileReceiver> All { get; } =
    [
        Failing("close at once", _ => Task.CompletedTask),
        Failing(
            "reset at once",
            connection =>
            {
                connection.Reset();
                return Task.CompletedTask;
            }
        ),
        Failing("close after the request", connection => connection.ReadRequestAsync()),
        Failing(
            "reset after the request",
            async connection =>
            {
                await connection.ReadRequestAsync();
                connection.Reset();
            }
        ),
        Failing(
            "half-close without an answer",
            async connection =>
            {
                await connection.ReadRequestAsync();
                connection.HalfClose();
                await connection.WaitForHangUpAsync();
            }
        ),
        HostileReceiver.Closing(
            "part of a status line",
            ReasonCode.ConnectFailed,
            null,
            "HTTP/1.1 20"
        ),
        HostileReceiver.Closing(
            "part of the headers",
            ReasonCode.ConnectFailed,
            null,
            Ok + "X-A: b\r\n"
        ),
        HostileReceiver.Of(
            "answer before the request is read",
            ReasonCode.Delivered,
            200,
            async connection =>
            {
                await connection.SendAsync(Ok + "Connection: close\r\nContent-Length: 0\r\n\r\n");
                await connection.IgnoreAsync();
            }
        ),
        HostileReceiver.Of(
            "refusal and reset before the request is read",
            ReasonCode.HttpStatus,
            413,
            async connection =>
            {
                await connection.ReadSomeAsync();
                await connection.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
                connection.Reset();
            }
        ),
        HostileReceiver.Of(
            "half-close after a 2xx",
            ReasonCode.Delivered,
            200,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(Ok + "Connection: close\r\nContent-Length: 0\r\n\r\n");
                connection.HalfClose();
                await connection.WaitForHangUpAsync();
            }
        ),
        HostileReceiver.Of(
            "reset after a 2xx head",
            ReasonCode.Delivered,
            200,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(Ok + "Content-Length: 100\r\n\r\nthank");
                connection.Reset();
            }
        ),
    ];

    private static HostileReceiver Failing(string name, Func<RawConnection, Task> script) =>
        HostileReceiver.Of(name, ReasonCode.ConnectFailed, null, script);
}
