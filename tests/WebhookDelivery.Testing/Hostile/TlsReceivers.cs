using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>Receivers behind https whose TLS is wrong, or not there.</summary>
public static class TlsReceivers
{
    private const string Host = "127.0.0.1";

    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static readonly TestAuthority s_root = TestAuthority.Create("Hostile root");

    private static readonly SslServerAuthenticationOptions s_tls = Showing(s_root.Issue([Host]));

    private static readonly SslServerAuthenticationOptions s_tls12 = Showing(
        s_root.Issue([Host]),
        SslProtocols.Tls12
    );

    /// <summary>
    /// A ServerHello of SSL 3.0: its record, version, 32 random bytes, no session, a suite of that
    /// time, no compression.
    /// </summary>
    private static readonly byte[] s_oldHello =
    [
        .. (byte[])[22, 3, 0, 0, 42, 2, 0, 0, 38, 3, 0],
        .. new byte[32],
        .. (byte[])[0, 0, 10, 0],
        0,
    ];

    /// <summary>What a sender has to trust, so that nothing but the fault itself can fail.</summary>
    public static X509Certificate2 Root => s_root.Certificate;

    internal static IReadOnlyList<HostileReceiver> All { get; } =
    [
        Failing(
            "plain HTTP behind https",
            connection => connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n")
        ),
        Certified("self-signed certificate", TestAuthority.SelfSigned(Host)),
        Certified(
            "expired certificate",
            s_root.Issue([Host], notAfter: DateTimeOffset.UtcNow.AddDays(-1))
        ),
        Certified("certificate of another host", s_root.Issue(["other.example"])),
        Certified(
            "certificate of 10,000 names",
            s_root.Issue([Host, .. Enumerable.Range(0, 10_000).Select(n => $"h{n}.example")])
        ),
        Failing(
            "TLS alert",
            async connection =>
            {
                await connection.ReadSomeAsync();
                await connection.SendAsync((byte[])[21, 3, 3, 0, 2, 2, 40]);
                await connection.WaitForHangUpAsync();
            }
        ),
        Failing(
            "TLS garbage",
            async connection =>
            {
                await connection.ReadSomeAsync();
                await connection.SendAsync((byte[])[22, 3, 3, 0, 8, 99, 255, 255, 255, 1, 2, 3, 4]);
                await connection.WaitForHangUpAsync();
            }
        ),
        Failing(
            "SSL 3.0",
            async connection =>
            {
                await connection.ReadSomeAsync();
                await connection.SendAsync(s_oldHello);
                await connection.WaitForHangUpAsync();
            }
        ),
        Failing(
            "close during the handshake",
            async connection =>
            {
                await connection.ReadSomeAsync();
                connection.HalfClose();
                await connection.WaitForHangUpAsync();
            }
        ),
        Failing(
            "reset during the handshake",
            async connection =>
            {
                await connection.ReadSomeAsync();
                connection.Reset();
            }
        ),
        HostileReceiver.Of(
            "silence during the handshake",
            ReasonCode.Timeout,
            null,
            connection => connection.WaitForHangUpAsync()
        ) with
        {
            Https = true,
            Ends = AttemptEnd.Deadline,
        },
        Renegotiating("TLS renegotiation", ReasonCode.ConnectFailed, null, ""),
        Renegotiating(
            "TLS renegotiation after a 2xx head",
            ReasonCode.Delivered,
            200,
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
        ),
        HostileReceiver.Of(
            "TLS cut off after a 2xx head",
            ReasonCode.Delivered,
            200,
            async connection =>
            {
                await connection.StartTlsAsync(s_tls);
                await connection.ReadRequestAsync();
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
                connection.Reset();
            }
        ) with
        {
            Https = true,
        },
    ];

    private static HostileReceiver Certified(string name, X509Certificate2 certificate)
    {
        var options = Showing(certificate);
        return Failing(
            name,
            async connection =>
            {
                await connection.StartTlsAsync(options);
                await connection.ReadRequestAsync();
                await connection.SendAsync(Ok);
            }
        );
    }

    /// <summary>Made once for all connections: a certificate is costly to prepare.</summary>
    private static SslServerAuthenticationOptions Showing(
        X509Certificate2 certificate,
        SslProtocols protocols = SslProtocols.None
    ) =>
        new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(
                certificate,
                additionalCertificates: null,
                offline: true
            ),
            EnabledSslProtocols = protocols,
            AllowRenegotiation = true,
        };

    private static HostileReceiver Failing(string name, Func<RawConnection, Task> script) =>
        HostileReceiver.Of(name, ReasonCode.TlsFailed, null, script) with
        {
            Https = true,
        };

    /// <summary>Sends a text, and asks for another handshake.</summary>
    private static HostileReceiver Renegotiating(
        string name,
        ReasonCode reason,
        int? status,
        string sent
    ) =>
        HostileReceiver.Of(
            name,
            reason,
            status,
            async connection =>
            {
                var tls = await connection.StartTlsAsync(s_tls12);
                await connection.ReadRequestAsync();
                await connection.SendAsync(sent);
                // macOS cannot; the tests run on Linux.
#pragma warning disable CA1416
                await tls.NegotiateClientCertificateAsync(connection.Stopping);
#pragma warning restore CA1416
                await connection.SendAsync(Ok);
            }
        ) with
        {
            Https = true,
        };
}
