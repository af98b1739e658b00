namespace WebhookDelivery.Http.Tests;

public sealed class EndpointUrlPolicyTests
{
    private readonly ScriptedResolver _resolver = new();

    [Theory]
    [InlineData("https://example.com/hook")]
    [InlineData("https://example.com")]
    [InlineData("https://example.com:8443/a?b=c&d=%20")]
    [InlineData("https://example.com:443/")]
    [InlineData("HTTPS://EXAMPLE.COM/")]
    [InlineData("https://example.com./")]
    [InlineData("https://a_b.example.com/")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://BÜCHER.example/")]
    [InlineData("https://例え.テスト/")]
    [InlineData("https://उदाहरण.परीक्षा/")]
    [InlineData("https://hooks。example/")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://93.184.215.14/hook")]
    [InlineData("https://[2606:4700:4700::1111]/hook")]
    [InlineData("https://example.com/a@b")]
    [InlineData("https://example.com?a@b")]
    public void Judge_ProperUrl_Accepted(string url) => Accepted(Policy().Judge(url));

    [Theory]
    [InlineData("", "valid absolute")]
    [InlineData("/hook", "valid absolute")]
    [InlineData("example.com/hook", "valid absolute")]
    [InlineData("https:example.com", "valid absolute")]
    [InlineData("https:///hook", "valid absolute")]
    [InlineData("https://", "valid absolute")]
    [InlineData("https://a..b/", "valid absolute")]
    [InlineData("https://example.com:99999/", "valid absolute")]
    [InlineData("https://127%2e0.0.1/", "valid absolute")]
    [InlineData("https://%31%32%37.0.0.1/", "valid absolute")]
    [InlineData("http://example.com/", "https://")]
    [InlineData("ftp://example.com/", "https://")]
    [InlineData("file:///etc/passwd", "https://")]
    [InlineData("gopher://example.com/", "https://")]
    [InlineData("https://user@example.com/", "user name")]
    [InlineData("https://user:pass@example.com/", "user name")]
    [InlineData("https://@example.com/", "user name")]
    [InlineData("https://example.com#@internal/", "fragment")]
    [InlineData("https://example.com/#frag", "fragment")]
    [InlineData("https://example.com/#", "fragment")]
    [InlineData(" https://example.com/", "spaces")]
    [InlineData("https://example.com/ ", "spaces")]
    [InlineData("https://example.com/a b", "spaces")]
    [InlineData("https://exa\tmple.com/", "spaces")]
    [InlineData("https://example.com/\r\nX: y", "spaces")]
    [InlineData("https://example.com\\@internal/", "backslashes")]
    [InlineData("https://example.com:80/", "port")]
    [InlineData("https://example.com:22/", "port")]
    [InlineData("https://example.com:0/", "port")]
    [InlineData("https://-a/", "DNS name")]
    [InlineData("https://１２７.０.０.１/", "full-width")]
    [InlineData("https://𝟏27.0.0.1/", "full-width")]
    [InlineData("https://ｈooks.example/", "full-width")]
    [InlineData("https://hooks①.example/", "full-width")]
    [InlineData("https://hooks².example/", "full-width")]
    [InlineData("https://127。0。0。1/", "allowed target")]
    [InlineData("https://[fe80::1%25eth0]/", "DNS name")]
    [InlineData("https://[2606:4700:4700::1111%252]/", "DNS name")]
    public void Judge_ImproperUrl_RefusedWithAReason(string url, string reason) =>
        Assert.Contains(reason, Refused(Policy().Judge(url)), StringComparison.Ordinal);

    [Fact]
    public void Judge_Length_Limited()
    {
        var longest = "https://example.com/".PadRight(EndpointUrlPolicy.LengthMax, 'a');

        Accepted(Policy().Judge(longest));
        Assert.Contains("2048", Refused(Policy().Judge(longest + 'a')), StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_HttpAllowed_StillNeedsItsPort()
    {
        var http = new HttpSenderOptions { AllowHttp = true };

        Refused(Policy(http).Judge("http://example.com/"));
        Accepted(Policy(http with { AllowedPorts = [80] }).Judge("http://example.com/"));
        Accepted(Policy(http with { AnyPort = true }).Judge("http://example.com:5000/"));
        Refused(Policy(http with { AnyPort = true }).Judge("ws://example.com/"));
    }

    [Fact]
    public async Task JudgeAsync_AllAddressesPublic_Accepted()
    {
        _resolver.Answer("hooks.example", "93.184.215.14 2606:4700::1");

        Accepted(await JudgeAsync("https://hooks.example/"));
        Assert.Equal(["hooks.example"], _resolver.Asked);
    }

    [Fact]
    public async Task JudgeAsync_OneAddressPrivate_Refused()
    {
        _resolver.Answer("hooks.example", "93.184.215.14 10.0.0.1");

        var fault = Refused(await JudgeAsync("https://hooks.example/"));

        Assert.DoesNotContain("10.0.0.1", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JudgeAsync_HostUnknown_Accepted() =>
        Accepted(await JudgeAsync("https://not-yet.example/"));

    [Fact]
    public async Task JudgeAsync_InternationalName_ResolvedInAscii()
    {
        _resolver.Answer("xn--bcher-kva.example", "127.0.0.1");

        Refused(await JudgeAsync("https://bücher.example/"));
    }

    [Fact]
    public async Task JudgeAsync_Literal_NotResolved()
    {
        Accepted(await JudgeAsync("https://93.184.215.14/"));
        Refused(await JudgeAsync("https://127.0.0.1/"));

        Assert.Empty(_resolver.Asked);
    }

    private static void Accepted(EndpointUrlVerdict verdict) =>
        Assert.IsType<EndpointUrlVerdict.Accepted>(verdict);

    private static string Refused(EndpointUrlVerdict verdict) =>
        Assert.IsType<EndpointUrlVerdict.Refused>(verdict).Fault;

    private EndpointUrlPolicy Policy(HttpSenderOptions? options = null) =>
        new(
            options ?? new HttpSenderOptions(),
            new AddressPolicy([]),
            _resolver,
            TimeProvider.System
        );

    private Task<EndpointUrlVerdict> JudgeAsync(string url) =>
        Policy().JudgeAsync(url, TestContext.Current.CancellationToken).AsTask();
}
