using System.Security.Cryptography.X509Certificates;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

public sealed class TlsTests : IDisposable
{
    private const string Host = "hooks.example";

    private static readonly DateTimeOffset Today = DateTimeOffset.UtcNow;

    private readonly TestAuthority _root = TestAuthority.Create("Test root");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Send_TrustedCertificateOfTheHost_Delivered()
    {
        await using var receiver = Receiver(_root.Issue([Host]));

        Assert.Equal(ReasonCode.Delivered, await AttemptAsync(receiver));
    }

    [Fact]
    public async Task Send_CertificateOfAnotherHost_TlsFailed()
    {
        await using var receiver = Receiver(_root.Issue(["other.example"]));

        Assert.Equal(ReasonCode.TlsFailed, await AttemptAsync(receiver));
        Assert.Equal(0, receiver.RequestCount);
    }

    [Fact]
    public async Task Send_CertificateOfTheAddressOnly_TlsFailed()
    {
        // The TLS name is the host's, not that of the address that was dialled.
        await using var receiver = Receiver(_root.Issue(["127.0.0.1"]));

        Assert.Equal(ReasonCode.TlsFailed, await AttemptAsync(receiver));
    }

    [Fact]
    public async Task Send_ExpiredCertificate_TlsFailed()
    {
        await using var receiver = Receiver(_root.Issue([Host], Today.AddDays(-1)));

        Assert.Equal(ReasonCode.TlsFailed, await AttemptAsync(receiver));
        Assert.Equal(0, receiver.RequestCount);
    }

    [Fact]
    public async Task Send_SelfSignedCertificate_TlsFailed()
    {
        await using var receiver = Receiver(TestAuthority.SelfSigned(Host));

        Assert.Equal(ReasonCode.TlsFailed, await AttemptAsync(receiver));
        Assert.Equal(0, receiver.RequestCount);
    }

    [Fact]
    public async Task Send_CertificateOfAnUntrustedRoot_TlsFailed()
    {
        await using var receiver = Receiver(_root.Issue([Host]));
        using var rig = new SenderRig();
        rig.Resolver.Answer(Host, "127.0.0.1");

        var outcome = await rig.AttemptAsync(new Uri($"https://{Host}:{receiver.Port}/"));

        Assert.Equal(ReasonCode.TlsFailed, outcome.Reason);
    }

    [Fact]
    public async Task Send_TlsToAPlainPort_TlsFailed()
    {
        await using var receiver = RawReceiver.Start(connection =>
            connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n")
        );

        Assert.Equal(ReasonCode.TlsFailed, await AttemptAsync(receiver));
    }

    [Fact]
    public async Task Send_ClosesDuringTheHandshake_TlsFailed()
    {
        await using var receiver = RawReceiver.Start(async connection =>
        {
            await connection.ReadSomeAsync();
            connection.Reset();
        });

        Assert.Equal(ReasonCode.TlsFailed, await AttemptAsync(receiver));
    }

    [Fact]
    public async Task Send_SilentDuringTheHandshake_TimesOut()
    {
        var clock = new ManualTimeProvider();
        await using var receiver = RawReceiver.Start(connection => connection.WaitForHangUpAsync());
        using var rig = Rig(clock);

        var sending = rig.AttemptAsync(new Uri($"https://{Host}:{receiver.Port}/"));
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(ReasonCode.Timeout, (await sending).Reason);
    }

    [Fact]
    public async Task Send_CertificateNamesAnIssuersUrl_IsNotFetched()
    {
        // The issuer is left out of the handshake, so that finding it would take the URL.
        using var intermediate = TestAuthority.Create("Test intermediate", _root);
        await using var fetched = RawReceiver.Answering("HTTP/1.1 404 No\r\n\r\n");
        await using var receiver = Receiver(
            intermediate.Issue([Host], issuerUrl: $"http://127.0.0.1:{fetched.Port}/ca.crt")
        );

        Assert.Equal(ReasonCode.TlsFailed, await AttemptAsync(receiver));
        Assert.Equal(0, fetched.ConnectionCount);
    }

    private static RawReceiver Receiver(X509Certificate2 certificate) =>
        RawReceiver.Start(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            },
            certificate
        );

    private SenderRig Rig(TimeProvider? timeProvider = null)
    {
        var rig = new SenderRig(timeProvider: timeProvider, trustedRoots: [_root.Certificate]);
        rig.Resolver.Answer(Host, "127.0.0.1");
        return rig;
    }

    private async Task<ReasonCode> AttemptAsync(RawReceiver receiver)
    {
        using var rig = Rig();
        var outcome = await rig.AttemptAsync(new Uri($"https://{Host}:{receiver.Port}/"));
        return outcome.Reason;
    }
}
