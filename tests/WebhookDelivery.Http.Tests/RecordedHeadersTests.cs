using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>What of a response's headers is kept, over real HTTP.</summary>
public sealed class RecordedHeadersTests
{
    [Fact]
    public async Task Send_OrdinaryHeaders_AreRecordedInOrder() =>
        Assert.Equal(
            [
                new("server", "nginx"),
                new("x-request-id", "7, 8"),
                new("retry-after", "soon"),
                new("content-type", "text/html; charset=utf-8"),
            ],
            await ReadAsync(
                500,
                "Server: nginx",
                "X-Request-Id: 7",
                "X-Request-Id: 8",
                "Retry-After: soon",
                "Content-Type: text/html; charset=utf-8"
            )
        );

    [Fact]
    public async Task Send_HeadersOfTheConnection_AreLeftOut() =>
        Assert.Empty(
            await ReadAsync(
                200,
                "Date: Sun, 01 Mar 2026 12:01:00 GMT",
                "Connection: keep-alive",
                "Keep-Alive: timeout=5",
                "Proxy-Authenticate: Basic",
                "Proxy-Connection: close",
                "TE: trailers",
                "Trailer: X",
                "Upgrade: h2c",
                "date: again"
            )
        );

    [Theory]
    [InlineData("Set-Cookie: sid=hush")]
    [InlineData("WWW-Authenticate: Bearer hush")]
    [InlineData("authorization: hush")]
    [InlineData("X-Api-Key: hush")]
    [InlineData("X-CSRF-Token: hush")]
    [InlineData("Client-Secret: hush")]
    [InlineData("My-Cookies: hush")]
    [InlineData("X-Session-Id: hush")]
    [InlineData("X-Password: hush")]
    public async Task Send_HeaderOfCredentials_IsRecordedByNameAlone(string header) =>
        Assert.Equal(
            [new(header.Split(':')[0].ToLowerInvariant(), "[redacted]")],
            await ReadAsync(401, header)
        );

    [Fact]
    public async Task Send_LongValue_IsCutAt256Bytes()
    {
        var recorded = Assert.Single(await ReadAsync(200, $"X-Long: {new string('x', 5000)}"));

        Assert.Equal(new string('x', 256), recorded.Value);
    }

    [Fact]
    public async Task Send_ManyHeaders_AreTheFirstTwenty()
    {
        var recorded = await ReadAsync(
            200,
            [.. Enumerable.Range(1, 50).Select(i => $"X-{i}: {i}")]
        );

        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"x-{i}"), recorded.Select(h => h.Key));
    }

    [Fact]
    public async Task Send_ManyBytes_AreWholeHeadersUpToOneKib()
    {
        var value = new string('v', 200);
        var outcome = await AttemptAsync(
            WireReceiver.Status(200, [.. Enumerable.Range(1, 10).Select(i => $"X-{i}: {value}")])
        );

        Assert.InRange(outcome.ResponseHeaders.Lines.Length, 800, ResponseHeaders.BytesMax);
        Assert.All(outcome.ResponseHeaders.Read(), header => Assert.Equal(value, header.Value));
    }

    [Fact]
    public async Task Send_ValueOfUtf8AndControls_IsTextOnOneLine() =>
        Assert.Equal(
            [new("x-city", "Köln  am Rhein")],
            // As Latin-1 the bytes of UTF-8, which is how they go over the wire.
            await ReadAsync(200, "X-City: K\u00c3\u00b6ln\u0001\u007fam Rhein")
        );

    [Fact]
    public async Task Send_NoResponse_HasNoHeaders()
    {
        using var rig = new SenderRig();

        var outcome = await rig.AttemptAsync(
            new Uri($"http://127.0.0.1:{RawReceiver.UnusedPort()}/")
        );

        Assert.Same(ResponseHeaders.None, outcome.ResponseHeaders);
        Assert.Equal(ReceiverDirectives.None, outcome.Directives);
    }

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(
        int status,
        params string[] headers
    ) => (await AttemptAsync(WireReceiver.Status(status, headers))).ResponseHeaders.Read();

    private static async Task<AttemptOutcome> AttemptAsync(string answer)
    {
        await using var receiver = WireReceiver.Start();
        receiver.Answer = _ => Task.FromResult(answer);
        using var rig = new SenderRig();
        return await rig.AttemptAsync(receiver.Url);
    }
}
