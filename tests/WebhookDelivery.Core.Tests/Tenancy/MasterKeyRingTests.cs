using System.Security.Cryptography;

namespace WebhookDelivery.Core.Tests;

public sealed class MasterKeyRingTests
{
    [Fact]
    public void Parse_OfItsText_IsTheSameRing()
    {
        var ring = MasterKeyRing.Create().Renew().Renew();
        var read = MasterKeyRing.Parse(ring.Format())!;
        Assert.Equal(ring.Format(), read.Format());
        Assert.Equal(3, ring.Format().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(ring.Current.ToArray(), read.Current.ToArray());
        Assert.Equal(2, read.Previous.Count);
    }

    [Fact]
    public void Parse_WithBlankLinesAndCarriageReturns_PassesThemOver()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var ring = MasterKeyRing.Parse($"\r\n  {key} \r\n\n{key}")!;
        Assert.Equal(key, Convert.ToBase64String(ring.Current.Span));
        Assert.Single(ring.Previous);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Parse_OfAnythingElse_IsNull(string text) => Assert.Null(MasterKeyRing.Parse(text));

    [Fact]
    public void Renew_PutsANewKeyFirst_UpToTheMost()
    {
        var ring = MasterKeyRing.Create();
        while (ring.Previous.Count + 1 < MasterKeyRing.KeysMax)
        {
            var renewed = ring.Renew();
            Assert.Equal(ring.Current.ToArray(), renewed.Previous[0].ToArray());
            Assert.NotEqual(ring.Current.ToArray(), renewed.Current.ToArray());
            ring = renewed;
        }

        Assert.Throws<InvalidOperationException>(ring.Renew);
        Assert.NotNull(MasterKeyRing.Parse(ring.Format()));
        Assert.Null(MasterKeyRing.Parse(ring.Format() + MasterKeyRing.Create().Format()));
        Assert.Equal(
            Convert.ToBase64String(ring.Current.Span) + "\n",
            ring.WithoutPrevious().Format()
        );
    }
}
