namespace WebhookDelivery.Core.Tests;

public sealed class TenantIdTests
{
    [Theory]
    [InlineData("abc")]
    [InlineData("a-1")]
    [InlineData("---")]
    [InlineData("000")]
    [InlineData("acme-corp-eu-1")]
    public void TryParse_LettersDigitsHyphens_IsAccepted(string text)
    {
        Assert.True(TenantId.TryParse(text, out var id));
        Assert.Equal(text, id.Value);
        Assert.Equal(text, id.ToString());
        Assert.Equal(TenantId.Parse(text), id);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void TryParse_AtTheBoundsOfLength_IsInclusive(int length, bool accepted) =>
        Assert.Equal(accepted, TenantId.TryParse(new string('a', length), out _));

    [Fact]
    public void TryParse_EachCharacterOutsideTheAlphabet_IsRefused()
    {
        for (var character = '\0'; character < '\u0250'; character++)
        {
            var allowed = "abcdefghijklmnopqrstuvwxyz0123456789-".Contains(character);
            Assert.Equal(allowed, TenantId.TryParse($"ab{character}", out _));
            Assert.Equal(allowed, TenantId.TryParse($"{character}ab", out _));
        }

        Assert.False(TenantId.TryParse("ab\ud800", out _));
        Assert.False(TenantId.TryParse("ab\uff11", out _));
    }

    [Fact]
    public void TryParse_Null_IsRefused()
    {
        Assert.False(TenantId.TryParse(null, out var id));
        Assert.Equal(default, id);
        Assert.Equal("", id.Value);
    }

    [Fact]
    public void Parse_NotATenantId_Throws() =>
        Assert.Throws<FormatException>(() => TenantId.Parse("Acme"));
}
