using System.Net;
using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Nothing that is secret reaches a log, at any level, whatever happens.</summary>
public abstract class SecrecyTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    protected const string HeaderValue = "header-value-marker-5190";
    protected const string PayloadMarker = "payload-marker-8272";
    protected const string UrlToken = "url-token-marker-3321";
    protected const string BroughtSecret = "brought-secret-marker-7711";
    private const string ResponseMarker = "response-marker-4404";

    protected SecrecyTests() => Setup = Setup with { Log = Log };

    protected CapturedLog Log { get; } = new();

    /// <summary>What must not be found, with what each is.</summary>
    protected Dictionary<string, string> Secrets { get; } = [];

    [Fact]
    public async Task No_log_at_any_level_holds_a_secret()
    {
        await LiveThroughMuchAsync();
        await StopAsync();

        // Were the log not captured, or the run not made, nothing would be found for a bad reason.
        Assert.Contains("reason=connect_failed", Log.Text, StringComparison.Ordinal);
        Assert.Contains("reason=delivered", Log.Text, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", Log.Text, StringComparison.Ordinal);
        Secrets.Add(PayloadMarker, "payload");
        Secrets.Add(UrlToken, "URL");
        Secrets.Add(ResponseMarker, "response");
        foreach (var (secret, what) in Secrets)
        {
            Assert.False(
                Log.Text.Contains(secret, StringComparison.OrdinalIgnoreCase),
                $"The log holds the {what}: "
                    + Log.Text.Split('\n')
                        .FirstOrDefault(line =>
                            line.Contains(secret, StringComparison.OrdinalIgnoreCase)
                        )
            );
        }
    }

    /// <summary>Every path on which something secret is at hand: success, failure, refusal, rotation.</summary>
    protected async Task LiveThroughMuchAsync()
    {
        var receiver = AddReceiver();
        var known = "";
        receiver.Answer = request => Task.FromResult(Echo(request, known));
        var acme = await AddTenantAsync();
        var members = $$""" "headers":{"X-Token":"{{HeaderValue}}"},"retry_schedule":["1s"] """;
        var endpoint = await acme.AddEndpointAsync(Tokenised(receiver.Url), members);
        known = endpoint.Secret;
        await acme.AddEndpointAsync(
            new Uri($"http://127.0.0.1:{RawReceiver.UnusedPort()}/{UrlToken}"),
            $"{members},\"secret\":\"{BroughtSecret}\""
        );
        await acme.AddEndpointAsync(Tokenised(AddReceiver().Url), members);
        var payload = $$"""{"type":"order.created","card":"{{PayloadMarker}}"}""";

        var first = await acme.PostEventAsync(payload);
        await Eventually.IsAsync(2, async () => await CountAsync(acme, first, "FAILED"));
        var rotated = await acme.PostAsync(endpoint.Path + "/rotate-secret");
        known += " " + rotated.Expect(200)["secret"];
        Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.IsAsync(2, async () => await CountAsync(acme, first, "DEAD_LETTER"));
        (await acme.PostAsync($"/v1/events/{first}/redeliver")).Expect(202);
        (await acme.PostAsync("/v1/events", payload + "}")).Expect(400);
        (
            await acme.PostAsync(
                "/v1/endpoints",
                $$"""{"url":"gopher://{{UrlToken}}","secret":"{{BroughtSecret}}\n"}"""
            )
        ).Expect(400);
        (
            await acme.PostAsync(
                "/v1/endpoints",
                $$$"""{"url":"https://a.example/","headers":{"Host":"{{{HeaderValue}}}"}}"""
            )
        ).Expect(400);
        var wrong = acme.Key[..^1] + (acme.Key[^1] == '0' ? '1' : '0');
        using (var http = new HttpClient())
        using (var request = new HttpRequestMessage(HttpMethod.Get, BaseUrl + "/v1/events"))
        {
            request.Headers.Add("Authorization", "Bearer " + wrong);
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        foreach (
            var (secret, what) in new[]
            {
                (endpoint.Secret, "first secret"),
                (endpoint.Secret["whsec_".Length..], "first secret's base64"),
                (rotated.Expect(200)["secret"]["whsec_".Length..], "second secret"),
                (BroughtSecret, "brought secret"),
                (HeaderValue, "custom header"),
                (acme.Key, "API key"),
                (acme.Key[21..], "API key's secret part"),
                (wrong, "wrong API key"),
                (Setup.OperatorKey, "operator key"),
                (Setup.OperatorKey[21..], "operator key's secret part"),
            }
        )
        {
            Secrets.TryAdd(secret, what);
        }
    }

    /// <summary>A receiver that gives back all that it got and knows, in body and headers.</summary>
    private static string Echo(WireRequest request, string known)
    {
        var body =
            $"{ResponseMarker} {known} {Encoding.Latin1.GetString(request.Body)} {request.Head}";
        var head = request.Head.Replace("\r\n", " ", StringComparison.Ordinal);
        return string.Join(
            "\r\n",
            "HTTP/1.1 500 Oops",
            $"X-Echo: {ResponseMarker} {request["X-Token"]} {known}",
            $"X-Head: {head}",
            $"Content-Length: {body.Length}",
            "",
            body
        );
    }

    private static Uri Tokenised(Uri url) => new($"{url}/{UrlToken}?token={UrlToken}");

    private static async Task<int> CountAsync(TenantUser tenant, string id, string status) =>
        (await tenant.EventAsync(id))
            .GetProperty("deliveries")
            .EnumerateArray()
            .Count(delivery => delivery.GetProperty("status").GetString() == status);
}
