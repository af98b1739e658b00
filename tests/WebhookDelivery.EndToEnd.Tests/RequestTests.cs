using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A receiver gets the bytes that were posted, and the headers that are promised.</summary>
public abstract class RequestTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private static readonly string[] s_headers =
    [
        "Content-Length",
        "Content-Type",
        "Host",
        "Stripe-Signature",
        "User-Agent",
        "webhook-attempt",
        "webhook-event-type",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    ];

    [Theory]
    [InlineData("{}")]
    [InlineData("  \r\n\t{ \"b\" :\t1 ,\n\n\"a\":[ ]\r\n }\n ")]
    [InlineData("""{"a":1,"a":2,"":null}""")]
    [InlineData("""{"u":"Zoë 日本語 🦊","e":"\u00e9\ud83e\udd8a\/\b","lone":"\ud800"}""")]
    [InlineData(
        """{"big":123456789012345678901234567890,"exp":1E+400,"zero":-0.0,"long":0.10000000000000000000001}"""
    )]
    public async Task A_payload_arrives_byte_for_byte(string payload)
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync(payload);
        await acme.WaitForAsync(id, "DELIVERED");

        var sent = Encoding.UTF8.GetBytes(payload);
        Assert.Equal(sent, Assert.Single(receiver.Requests).Body);
        Assert.Equal(sent, (await acme.GetAsync($"/v1/events/{id}/payload")).Expect(200).Body);
    }

    [Fact]
    public async Task A_payload_of_1_MiB_arrives_byte_for_byte_and_one_byte_more_is_refused()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var payload = new byte[1024 * 1024];
        Array.Fill(payload, (byte)'x');
        "{\"data\":\""u8.CopyTo(payload);
        "\"}"u8.CopyTo(payload.AsSpan(^2..));

        var accepted = await acme.PostEventAsync(payload);
        await acme.WaitForAsync(accepted.Expect(201)["event_id"], "DELIVERED");
        var refused = await acme.PostEventAsync([.. payload, (byte)' ']);

        Assert.True(Assert.Single(receiver.Requests).Body.AsSpan().SequenceEqual(payload));
        Assert.Equal("payload_too_large", refused.Expect(413)["code"]);
        Assert.Equal(1, await acme.CountEventsAsync());
    }

    [Fact]
    public async Task A_request_has_the_promised_headers_and_no_others()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync("""{"type":"order.created"}""");
        await acme.WaitForAsync(id, "DELIVERED");

        var request = Assert.Single(receiver.Requests);
        Assert.Equal("POST /hook HTTP/1.1", request.RequestLine);
        Assert.Equal(
            s_headers,
            request.Headers.Select(header => header.Key).Order(StringComparer.Ordinal)
        );
        Assert.Equal("application/json", request["Content-Type"]);
        Assert.Matches(@"^WebhookDelivery/\d+\.\d+\.\d+$", request["User-Agent"]);
        Assert.Equal("order.created", request["webhook-event-type"]);
        Assert.Equal("1", request["webhook-attempt"]);
        Assert.Equal(id, request["webhook-id"]);
        Assert.Equal(
            Clock.GetUtcNow().ToUnixTimeSeconds().ToString(),
            request["webhook-timestamp"]
        );
        Assert.Equal($"127.0.0.1:{receiver.Url.Port}", request["Host"]);
    }

    [Fact]
    public async Task An_event_without_a_type_is_delivered_without_a_type_header()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        await acme.WaitForAsync(await acme.PostEventAsync("""{"type":7}"""), "DELIVERED");

        Assert.Equal(
            s_headers.Where(name => name != "webhook-event-type"),
            Assert
                .Single(receiver.Requests)
                .Headers.Select(header => header.Key)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_header_ce_type_names_the_type_before_the_payload_does()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, "\"event_types\":[\"invoice.*\"]");

        var posted = await acme.SendAsync(
            HttpMethod.Post,
            "/events",
            """{"type":"order.created"}"""u8.ToArray(),
            ("ce-type", "invoice.paid")
        );
        await acme.WaitForAsync(posted.Expect(201)["event_id"], "DELIVERED");

        Assert.Equal("invoice.paid", Assert.Single(receiver.Requests)["webhook-event-type"]);
    }

    [Fact]
    public async Task Custom_headers_are_delivered_and_shown_to_nobody()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(
            receiver.Url,
            """ "headers":{"Authorization":"Bearer abc","X-Team":"a, b;c=\"d\""} """
        );

        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");

        var request = Assert.Single(receiver.Requests);
        Assert.Equal("Bearer abc", request["Authorization"]);
        Assert.Equal("a, b;c=\"d\"", request["X-Team"]);
        Assert.Equal(
            s_headers.Append("Authorization").Append("X-Team").Order(StringComparer.Ordinal),
            request.Headers.Select(header => header.Key).Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(
            "abc",
            (await acme.GetAsync(endpoint.Path)).Text,
            StringComparison.Ordinal
        );
    }
}
