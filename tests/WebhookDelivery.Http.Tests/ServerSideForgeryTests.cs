using System.Net;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>
/// Attempts to aim the sender at what it must not reach, by every spelling and by DNS. Schemes and
/// ports are all allowed here, so that nothing but the address can be what refuses.
/// </summary>
public sealed class ServerSideForgeryTests
{
    private static readonly HttpSenderOptions AnyUrl = new() { AllowHttp = true, AnyPort = true };

    public static TheoryData<string> HostileHosts =>
        [
            // Loopback, spelt every way.
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "127.255.255.254",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0x7f.0x0.0x0.0x1",
            "0177.0.0.1",
            "0177.1",
            "017700000001",
            "127。0。0。1",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "sub.localhost",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:7f00:0001]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]",
            // Unspecified, which Linux connects to loopback.
            "0.0.0.0",
            "0",
            "0x0",
            "[::]",
            "[::ffff:0.0.0.0]",
            // Private and shared networks.
            "10.0.0.1",
            "10.255.255.255",
            "167772161",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "192.168.1.254",
            "0xc0a80001",
            "100.64.0.1",
            "100.127.255.254",
            "[fc00::1]",
            "[fd12:3456:789a::1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::a00:1]",
            // Link-local and the clouds' metadata.
            "169.254.0.1",
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.170.2",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[64:ff9b::169.254.169.254]",
            // Multicast, broadcast, reserved, documentation, benchmarks.
            "224.0.0.1",
            "239.255.255.250",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "198.18.0.1",
            "192.88.99.1",
            "[ff02::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[100::1]",
            // IPv4 wrapped by tunnels: 6to4 and Teredo.
            "[2002:7f00:1::]",
            "[2002:a9fe:a9fe::1]",
            "[2002:c0a8:1::1]",
            "[2001:0:7f00:1::]",
            "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
            // Names.
            "loopback.example",
            "unspecified.example",
            "metadata.example",
            "private.example",
            "loopback6.example",
            "mapped.example",
            "nat64.example",
            "scoped.example",
            "metadata6.example",
            "public-then-private.example",
            "private-then-public.example",
            "mixed-families.example",
            "last-of-many.example",
            "PRIVATE.example",
            "bücher.example",
        ];

    [Theory]
    [MemberData(nameof(HostileHosts))]
    public async Task Judge_HostileHost_RefusedAtCreation(string host)
    {
        var policy = new EndpointUrlPolicy(
            AnyUrl,
            new AddressPolicy([]),
            Names(new()),
            TimeProvider.System
        );

        var verdict = await policy.JudgeAsync(
            $"http://{host}/",
            TestContext.Current.CancellationToken
        );

        Assert.IsType<EndpointUrlVerdict.Refused>(verdict);
    }

    [Theory]
    [MemberData(nameof(HostileHosts))]
    public async Task Send_HostileHost_NothingIsConnected(string host)
    {
        await using var listener = RawReceiver.Answering("HTTP/1.1 200 OK\r\n\r\n");
        await using var listener6 = RawReceiver.Start(
            _ => Task.CompletedTask,
            address: IPAddress.IPv6Loopback
        );
        using var rig = new SenderRig(AnyUrl);
        Names(rig.Resolver);

        foreach (var port in new[] { listener.Port, listener6.Port })
        {
            var outcome = await rig.AttemptAsync(new Uri($"http://{host}:{port}/"));

            Assert.Equal(ReasonCode.BlockedAddress, outcome.Reason);
            Assert.Null(outcome.StatusCode);
        }

        Assert.Empty(rig.Dialer.Dialed);
        Assert.Equal(0, listener.ConnectionCount + listener6.ConnectionCount);
    }

    [Fact]
    public async Task Send_RealResolverAndLocalhost_NothingIsConnected()
    {
        await using var listener = RawReceiver.Answering("HTTP/1.1 200 OK\r\n\r\n");
        using var sender = new WebhookSender(
            AnyUrl,
            new SystemHostResolver(),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<WebhookSender>.Instance
        );

        foreach (var host in new[] { "localhost", "127.0.0.1", "[::1]", Dns.GetHostName() })
        {
            var result = await sender.SendAsync(
                SenderRig.Request(new Uri($"http://{host}:{listener.Port}/")),
                TestContext.Current.CancellationToken
            );

            Assert.NotEqual(
                ReasonCode.Delivered,
                Assert.IsType<SendResult.Attempted>(result).Outcome.Reason
            );
        }

        Assert.Equal(0, listener.ConnectionCount);
    }

    [Fact]
    public async Task Send_NameRebindsAfterTheCheck_NothingIsConnected()
    {
        await using var listener = RawReceiver.Answering("HTTP/1.1 200 OK\r\n\r\n");
        using var rig = new SenderRig(AnyUrl);
        rig.Resolver.Answer("rebinding.example", "93.184.215.14", "127.0.0.1");
        var url = new Uri($"http://rebinding.example:{listener.Port}/");
        var policy = new EndpointUrlPolicy(
            AnyUrl,
            new AddressPolicy([]),
            rig.Resolver,
            TimeProvider.System
        );

        var verdict = await policy.JudgeAsync(
            url.OriginalString,
            TestContext.Current.CancellationToken
        );
        var outcome = await rig.AttemptAsync(url);

        Assert.IsType<EndpointUrlVerdict.Accepted>(verdict);
        Assert.Equal(ReasonCode.BlockedAddress, outcome.Reason);
        Assert.Empty(rig.Dialer.Dialed);
        Assert.Equal(0, listener.ConnectionCount);
    }

    [Fact]
    public async Task Send_NameRebindsBetweenCheckAndConnect_TheJudgedAddressIsDialed()
    {
        using var rig = new SenderRig(AnyUrl, dialer: new RefusingDialer());
        rig.Resolver.Answer("rebinding.example", "93.184.215.14", "127.0.0.1");

        var outcome = await rig.AttemptAsync(new Uri("http://rebinding.example/"));

        Assert.Equal(ReasonCode.ConnectFailed, outcome.Reason);
        Assert.Equal(["93.184.215.14:80"], rig.Dialer.Dialed.Select(to => to.ToString()));
        Assert.Single(rig.Resolver.Asked);
    }

    [Fact]
    public async Task Send_RedirectToLoopback_NothingIsConnected()
    {
        await using var inside = RawReceiver.Answering("HTTP/1.1 200 OK\r\n\r\n");
        await using var receiver = RawReceiver.Answering(
            $"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.2:{inside.Port}/\r\nContent-Length: 0\r\n\r\n"
        );
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(receiver.Url);

        Assert.Equal(307, outcome.StatusCode);
        Assert.Equal(0, inside.ConnectionCount);
        Assert.Single(rig.Dialer.Dialed);
    }

    [Theory]
    [InlineData("http://hooks.example/")]
    [InlineData("https://hooks.example:22/")]
    [InlineData("ftp://hooks.example/")]
    [InlineData("https://user@hooks.example/")]
    public async Task Send_UrlNoLongerAllowed_NothingIsConnected(string url)
    {
        using var rig = new SenderRig(new HttpSenderOptions());
        rig.Resolver.Answer("hooks.example", "93.184.215.14");

        var outcome = await rig.AttemptAsync(new Uri(url));

        Assert.Equal(ReasonCode.BlockedAddress, outcome.Reason);
        Assert.Empty(rig.Dialer.Dialed);
        Assert.Empty(rig.Resolver.Asked);
    }

    [Theory]
    [InlineData("1.1.1.1", "1.1.1.1:443")]
    [InlineData("8.8.8.8", "8.8.8.8:443")]
    [InlineData("93.184.215.14", "93.184.215.14:443")]
    [InlineData("52.95.110.1", "52.95.110.1:443")]
    [InlineData("134744072", "8.8.8.8:443")]
    [InlineData("0x08.8.8.8", "8.8.8.8:443")]
    [InlineData("100.63.0.1", "100.63.0.1:443")]
    [InlineData("172.15.0.1", "172.15.0.1:443")]
    [InlineData("172.32.0.1", "172.32.0.1:443")]
    [InlineData("192.167.0.1", "192.167.0.1:443")]
    [InlineData("198.20.0.1", "198.20.0.1:443")]
    [InlineData("223.255.255.1", "223.255.255.1:443")]
    [InlineData("[2606:4700:4700::1111]", "[2606:4700:4700::1111]:443")]
    [InlineData("[2001:4860:4860::8888]", "[2001:4860:4860::8888]:443")]
    [InlineData("[2a00:1450:4001:81b::200e]", "[2a00:1450:4001:81b::200e]:443")]
    [InlineData("[2001:200::1]", "[2001:200::1]:443")]
    [InlineData("[2400:cb00::1]", "[2400:cb00::1]:443")]
    [InlineData("[2c0f:fb50::1]", "[2c0f:fb50::1]:443")]
    [InlineData("[::ffff:8.8.8.8]", "8.8.8.8:443")]
    [InlineData("[64:ff9b::8.8.8.8]", "[64:ff9b::808:808]:443")]
    [InlineData("public4.example", "93.184.215.14:443")]
    [InlineData("public6.example", "[2606:4700::1]:443")]
    public async Task Send_PublicHost_ItsAddressIsDialed(string host, string target)
    {
        using var rig = new SenderRig(new HttpSenderOptions(), dialer: new RefusingDialer());
        rig.Resolver.Answer("public4.example", "93.184.215.14");
        rig.Resolver.Answer("public6.example", "2606:4700::1");
        var policy = new EndpointUrlPolicy(
            new(),
            new AddressPolicy([]),
            rig.Resolver,
            TimeProvider.System
        );

        var verdict = await policy.JudgeAsync(
            $"https://{host}/",
            TestContext.Current.CancellationToken
        );
        var outcome = await rig.AttemptAsync(new Uri($"https://{host}/"));

        Assert.IsType<EndpointUrlVerdict.Accepted>(verdict);
        Assert.Equal(ReasonCode.ConnectFailed, outcome.Reason);
        Assert.Equal([IPEndPoint.Parse(target)], rig.Dialer.Dialed);
    }

    private static ScriptedResolver Names(ScriptedResolver resolver) =>
        resolver
            .Answer("localhost", "127.0.0.1 ::1")
            .Answer("localhost.", "127.0.0.1")
            .Answer("sub.localhost", "127.0.0.1")
            .Answer("loopback.example", "127.0.0.1")
            .Answer("unspecified.example", "0.0.0.0")
            .Answer("metadata.example", "169.254.169.254")
            .Answer("private.example", "192.168.1.1")
            .Answer("xn--bcher-kva.example", "192.168.1.1")
            .Answer("loopback6.example", "::1")
            .Answer("mapped.example", "::ffff:127.0.0.1")
            .Answer("nat64.example", "64:ff9b::7f00:1")
            .Answer("scoped.example", "fe80::1%1")
            .Answer("metadata6.example", "fd00:ec2::254")
            .Answer("public-then-private.example", "93.184.215.14 10.0.0.1")
            .Answer("private-then-public.example", "10.0.0.1 93.184.215.14")
            .Answer("mixed-families.example", "93.184.215.14 ::1")
            .Answer(
                "last-of-many.example",
                string.Join(
                    ' ',
                    Enumerable.Range(1, 50).Select(i => $"93.184.215.{i}").Append("127.0.0.1")
                )
            );
}
