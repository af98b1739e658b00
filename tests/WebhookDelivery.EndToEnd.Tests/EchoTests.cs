using System.Net;
using System.Text;
using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// A receiver that gives back the whole request puts nothing of it into records: not into what the API
/// shows, nor into what the store keeps of answers.
/// </summary>
public abstract class EchoTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const string Payload =
        """{"type":"order.created","card":"card-canary-4000","name":"Ada Canary-Löwe"}""";
    private const string HeaderValue = "Bearer header-canary-1/2+3";
    private const string QueryToken = "url-canary-77";
    private const string Kept = "kept-canary";

    private static readonly string[] s_secret =
    [
        "card-canary",
        "Canary-L",
        "header-canary",
        "url-canary",
    ];

    [Theory]
    [InlineData(500, "FAILED", "plain")]
    [InlineData(200, "DELIVERED", "plain")]
    [InlineData(500, "FAILED", "json")]
    [InlineData(500, "FAILED", "html")]
    [InlineData(500, "FAILED", "url")]
    [InlineData(500, "FAILED", "headers")]
    public async Task What_a_receiver_gives_back_is_not_recorded(
        int status,
        string state,
        string how
    )
    {
        var receiver = AddReceiver();
        var secret = "";
        receiver.Answer = request => Task.FromResult(Echo(request, status, how, secret));
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(
            new Uri($"{receiver.Url}?token={QueryToken}"),
            $$""" "headers":{"Authorization":"{{HeaderValue}}"} """
        );
        secret = endpoint.Secret;

        var id = await acme.PostEventAsync(Payload);
        await acme.WaitForAsync(id, state);
        var shown = (await acme.GetAsync($"/v1/events/{id}/attempts")).Expect(200).Text;
        await StopAsync();
        var stored = await ReadAnswersAsync();

        // The wires carried it, the records hold what else was answered, and nothing of ours.
        var request = Assert.Single(receiver.Requests);
        Assert.Contains(QueryToken, request.RequestLine, StringComparison.Ordinal);
        Assert.Equal(HeaderValue, request["Authorization"]);
        Assert.Contains("[redacted]", shown, StringComparison.Ordinal);
        Assert.Contains(Kept, shown, StringComparison.Ordinal);
        Assert.True(SecretSearch.Holds(stored, Kept), "Nothing is stored.");
        var secrets = s_secret.Append(secret["whsec_".Length..]).ToDictionary(each => each);
        Assert.All(
            secrets.Keys,
            each => Assert.DoesNotContain(each, shown, StringComparison.Ordinal)
        );
        SecretSearch.AssertNone(secrets, stored);
    }

    [Fact]
    public async Task What_is_not_ours_is_recorded_as_it_came()
    {
        const string body = "{\"error\":\"order type unknown\",\"hint\":\"see the documentation\"}";
        var receiver = AddReceiver();
        receiver.Answer = _ => Task.FromResult(Text(422, body, ["X-Hint: Ada, see the manual"]));
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync(Payload);
        await acme.WaitForAsync(id, "FAILED");

        var attempt = Assert.Single(await acme.AttemptsAsync(id));
        Assert.Equal(body, attempt.Excerpt);
        Assert.Equal("Ada, see the manual", attempt.Headers["x-hint"]);
    }

    /// <summary>Every byte that the stopped engine's store keeps of bodies and headers of answers.</summary>
    protected abstract Task<byte[]> ReadAnswersAsync();

    private static string Echo(WireRequest request, int status, string how, string secret)
    {
        var body = Encoding.UTF8.GetString(request.Body);
        var credentials = $"{request.RequestLine} {request["Authorization"]} {secret}";
        var all = $"{body} {credentials}";
        return how switch
        {
            "json" => Text(status, JsonSerializer.Serialize(new { kept = Kept, all }), []),
            "html" => Text(status, $"<p>{Kept}</p>{WebUtility.HtmlEncode(all)}", []),
            "url" => Text(status, $"{Kept}={Uri.EscapeDataString(all)}", []),
            "headers" => Text(
                status,
                Kept,
                [$"X-Body: {Kept} {body}", $"X-Sent: {credentials}", $"X-{QueryToken}: 1"]
            ),
            _ => Text(status, $"{Kept} {all}\n{request.Head}", []),
        };
    }

    /// <summary>An answer whose text goes over the wire in UTF-8: each byte as one character.</summary>
    private static string Text(int status, string body, string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = string.Join(
            "\r\n",
            [$"HTTP/1.1 {status} Echo", .. headers, $"Content-Length: {bytes.Length}", "", ""]
        );
        return Encoding.Latin1.GetString([.. Encoding.UTF8.GetBytes(head), .. bytes]);
    }
}
