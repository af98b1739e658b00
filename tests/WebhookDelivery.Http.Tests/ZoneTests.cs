namespace WebhookDelivery.Http.Tests;

public sealed class ZoneTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("hooks.example.com", "example.com")]
    [InlineData("a.b.hooks.example.com.", "example.com")]
    [InlineData("hooks.example.co.uk", "example.co.uk")]
    [InlineData("hooks.abc.io", "abc.io")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("localhost", "localhost")]
    [InlineData(".", "")]
    public void Of_Name_IsWhatItsOwnerControls(string name, string zone) =>
        Assert.Equal(zone, Zone.Of(name));
}
