using System.Net;

namespace WebhookDelivery.Http.Tests;

public sealed class AddressPolicyTests
{
    private static readonly AddressPolicy Strict = new([]);

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("9.9.9.9")]
    [InlineData("11.0.0.0")]
    [InlineData("52.95.110.1")]
    [InlineData("93.184.215.14")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("168.63.129.15")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.0.3.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2000::1")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2001:db7:ffff::1")]
    [InlineData("2001:db9::1")]
    [InlineData("2003::1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:81b::200e")]
    [InlineData("3ffe:ffff::1")]
    [InlineData("3fff:1000::1")]
    public void Allows_PublicUnicast_True(string address) =>
        Assert.True(Strict.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.255.255.255")]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("172.16.0.0")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.0")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.0.0")]
    [InlineData("192.168.255.255")]
    [InlineData("198.18.0.0")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::8.8.8.8")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:0:0:0:1:8.8.8.8")]
    [InlineData("64:ff9b:1::8.8.8.8")]
    [InlineData("100::1")]
    [InlineData("1fff::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:10::1")]
    [InlineData("2001:20::1")]
    [InlineData("2001:1ff:ffff::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("2002:808:808::1")]
    [InlineData("3fff::1")]
    [InlineData("3fff:fff::1")]
    [InlineData("4000::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fdff::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("2606:4700:4700::1111%3")]
    public void Allows_AnythingElse_False(string address) =>
        Assert.False(Strict.Allows(IPAddress.Parse(address)));

    [Fact]
    public void Allows_EveryIPv4Block_AsTheRegistrySays()
    {
        // One address of each /16, but for the blocks that are special below /16.
        foreach (var first in Enumerable.Range(0, 256))
        {
            foreach (var second in Enumerable.Range(0, 256))
            {
                var special = (first, second) switch
                {
                    (0 or 10 or 127 or >= 224, _) => true,
                    (100, >= 64 and <= 127) => true,
                    (169, 254) => true,
                    (172, >= 16 and <= 31) => true,
                    (192, 168) => true,
                    (198, 18 or 19) => true,
                    _ => false,
                };
                var address = new IPAddress([(byte)first, (byte)second, 201, 7]);
                Assert.True(special != Strict.Allows(address), address.ToString());
                Assert.True(
                    special != Strict.Allows(address.MapToIPv6()),
                    address.MapToIPv6().ToString()
                );
            }
        }
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.0.1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("fd12::1", true)]
    [InlineData("::1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("fd13::1", false)]
    [InlineData("fd12::1%1", false)]
    public void Allows_ExemptNetworks_AndNoMore(string address, bool allowed)
    {
        var policy = new AddressPolicy([
            IPNetwork.Parse("127.0.0.0/8"),
            IPNetwork.Parse("fd12::/16"),
        ]);

        Assert.Equal(allowed, policy.Allows(IPAddress.Parse(address)));
        Assert.True(policy.Allows(IPAddress.Parse("8.8.8.8")));
    }
}
