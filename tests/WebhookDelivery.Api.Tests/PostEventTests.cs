using System.Net.Http.Headers;
using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

public sealed class PostEventTests(TestApi api)
{
    [Theory]
    [InlineData("/v1/events")]
    [InlineData("/events")]
    public async Task Post_GoodEvent_IsStoredAndRouted(string path)
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var other = (await tenant.NewEndpointAsync()).Text("endpoint_id");

        using var answer = await tenant.Http.PostAsync(path, Json.Body("""{"type":"a.b"}"""));

        var body = await answer.ReadAsync(201);
        var id = body.Text("event_id");
        Assert.True(EventId.TryParse(id, out _));
        Assert.Equal("PENDING", body.Text("status"));
        Assert.Equal(
            new[] { endpoint, other }.Order(StringComparer.Ordinal),
            body.Texts("endpoint_ids")
        );
        Assert.Equal($"/v1/events/{id}", answer.Headers.Location?.OriginalString);
        Assert.NotNull(answer.Content.Headers.ContentLength);
        Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("a.b", (await tenant.GetAsync($"/v1/events/{id}")).Text("type"));
    }

    [Fact]
    public async Task Post_NoEndpointMatches_AnswersUnrouted()
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await tenant.PostEventAsync("{}");

        var body = await answer.ReadAsync(201);
        Assert.Equal("UNROUTED", body.Text("status"));
        Assert.Empty(body.Texts("endpoint_ids"));
    }

    [Fact]
    public async Task Post_AnyFormOfJson_IsKeptByteForByte()
    {
        var tenant = await api.NewTenantAsync();
        byte[] payload =
        [
            .. "\r\n\t { \"b\" : 1.0e+2, \"a\":\"\\u00e4 ä 🎉\",\"a\":"u8,
            .. "[1,2,{\"deep\":[null]}],\"big\":123456789012345678901234567890 } \n "u8,
        ];

        using var posted = await tenant.PostEventAsync(payload);
        var id = (await posted.ReadAsync(201)).Text("event_id");

        Assert.Equal(payload, await tenant.Http.GetByteArrayAsync($"/v1/events/{id}/payload"));
        var text = await tenant.Http.GetStringAsync($"/v1/events/{id}");
        Assert.Contains(Encoding.UTF8.GetString(payload), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_LargestPayload_IsKept()
    {
        var tenant = await api.NewTenantAsync();
        var payload = "{\"a\":\"" + new string('x', TestApi.MaxPayloadBytes - 8) + "\"}";

        using var posted = await tenant.PostEventAsync(payload);

        var id = (await posted.ReadAsync(201)).Text("event_id");
        Assert.Equal(payload, await tenant.Http.GetStringAsync($"/v1/events/{id}/payload"));
    }

    [Fact]
    public async Task Post_Chunked_IsKept()
    {
        var tenant = await api.NewTenantAsync();
        var payload = "{\"a\":\"" + new string('x', 100_000) + "\"}";

        using var posted = await SendChunkedAsync(tenant, payload);

        var id = (await posted.ReadAsync(201)).Text("event_id");
        Assert.Equal(payload, await tenant.Http.GetStringAsync($"/v1/events/{id}/payload"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_OneByteTooMany_AnswersPayloadTooLarge(bool chunked)
    {
        var tenant = await api.NewTenantAsync();
        var payload = "{\"a\":\"" + new string('x', TestApi.MaxPayloadBytes - 7) + "\"}";

        using var answer = chunked
            ? await SendChunkedAsync(tenant, payload)
            : await tenant.PostEventAsync(payload);

        await answer.AssertProblemAsync(413, "payload_too_large");
        await tenant.AssertNoEventsAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{} // note")]
    [InlineData("\uFEFF{}")]
    [InlineData("{\"a\":\"\u0001\"}")]
    public async Task Post_NoJsonObject_AnswersInvalidPayload(string payload)
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await tenant.PostEventAsync(payload);

        await answer.AssertProblemAsync(400, "invalid_payload");
        await tenant.AssertNoEventsAsync();
    }

    [Fact]
    public async Task Post_TooDeepOrNotUtf8_AnswersInvalidPayload()
    {
        var tenant = await api.NewTenantAsync();
        var deep = "{\"a\":" + new string('[', 100_000) + new string(']', 1) + "}";

        using var deepAnswer = await tenant.PostEventAsync(deep);
        using var badAnswer = await tenant.PostEventAsync([.. "{\"a\":\""u8, 0xff, .. "\"}"u8]);

        var problem = await deepAnswer.AssertProblemAsync(400, "invalid_payload");
        Assert.Contains("deeper than 64 levels", problem.Text("detail"), StringComparison.Ordinal);
        await badAnswer.AssertProblemAsync(400, "invalid_payload");
        await tenant.AssertNoEventsAsync();
    }

    [Theory]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"\ud800":"x"}""")]
    [InlineData("""{"\udc00type":1,"a":"\ud800\ud800"}""")]
    public async Task Post_HalfSurrogates_AreKeptButAreNoType(string payload)
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await tenant.PostEventAsync(payload);

        var id = (await answer.ReadAsync(201)).Text("event_id");
        Assert.Null((await tenant.GetAsync($"/v1/events/{id}")).Text("type"));
        Assert.Equal(payload, await tenant.Http.GetStringAsync($"/v1/events/{id}/payload"));
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("APPLICATION/JSON; charset=UTF-8", true)]
    [InlineData("application/json;charset=\"utf-8\"", true)]
    [InlineData("application/cloudevents+json", true)]
    [InlineData("application/json; charset=utf-16", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/xml", false)]
    [InlineData("json", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task Post_ContentType_MustBeJson(string? type, bool good)
    {
        var tenant = await api.NewTenantAsync();
        using var content = new ByteArrayContent("{}"u8.ToArray());
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await tenant.Http.PostAsync("/v1/events", content);

        if (good)
        {
            await answer.ReadAsync(201);
        }
        else
        {
            await answer.AssertProblemAsync(415, "unsupported_media_type");
            await tenant.AssertNoEventsAsync();
        }
    }

    [Fact]
    public async Task Post_Compressed_AnswersUnsupportedMediaType()
    {
        var tenant = await api.NewTenantAsync();
        using var content = Json.Body("{}");
        content.Headers.ContentEncoding.Add("gzip");

        using var answer = await tenant.Http.PostAsync("/v1/events", content);

        await answer.AssertProblemAsync(415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("""{"type":"t","event_type":"et","event":"e"}""", null, "t")]
    [InlineData("""{"event":"e","event_type":"et"}""", null, "et")]
    [InlineData("""{"event":"e","type":7}""", null, "e")]
    [InlineData("""{"data":{"type":"inner"}}""", null, null)]
    [InlineData("""{"type":"t"}""", "from.header", "from.header")]
    public async Task Post_Type_ComesFromHeaderElsePayload(
        string payload,
        string? header,
        string? type
    )
    {
        var tenant = await api.NewTenantAsync();

        using var answer = header is null
            ? await tenant.PostEventAsync(payload)
            : await tenant.PostEventAsync(payload, ("ce-type", header));

        var id = (await answer.ReadAsync(201)).Text("event_id");
        Assert.Equal(type, (await tenant.GetAsync($"/v1/events/{id}")).Text("type"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\there")]
    public async Task Post_BadTypeHeader_AnswersInvalidEventType(string type)
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await tenant.PostEventAsync("{}", ("ce-type", type));
        using var longer = await tenant.PostEventAsync("{}", ("ce-type", new string('x', 256)));

        await answer.AssertProblemAsync(400, "invalid_event_type");
        await longer.AssertProblemAsync(400, "invalid_event_type");
        await tenant.AssertNoEventsAsync();
    }

    [Fact]
    public async Task Post_SameKeyAndBody_ReplaysTheFirstAnswer()
    {
        var tenant = await api.NewTenantAsync();
        await tenant.NewEndpointAsync();
        var key = ("Idempotency-Key", new string('k', 255));

        using var first = await tenant.PostEventAsync("""{"a":1}""", key);
        await tenant.NewEndpointAsync();
        using var second = await tenant.PostEventAsync("""{"a":1}""", key);

        Assert.Equal(
            (await first.ReadAsync(201)).ToString(),
            (await second.ReadAsync(201)).ToString()
        );
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Replayed"));
        Assert.Single((await tenant.GetAsync("/v1/events")).Data());
    }

    [Fact]
    public async Task Post_SameKeyOtherBodyOrType_AnswersKeyReused()
    {
        var tenant = await api.NewTenantAsync();
        var key = ("Idempotency-Key", "k 1");
        using var first = await tenant.PostEventAsync("""{"a":1}""", key);

        using var body = await tenant.PostEventAsync("""{"a":2}""", key);
        using var type = await tenant.PostEventAsync("""{"a":1}""", key, ("ce-type", "x"));

        await body.AssertProblemAsync(422, "idempotency_key_reused");
        await type.AssertProblemAsync(422, "idempotency_key_reused");
        Assert.Single((await tenant.GetAsync("/v1/events")).Data());
    }

    [Fact]
    public async Task Post_SameKeyOfAnotherTenant_IsAnotherKey()
    {
        var one = await api.NewTenantAsync();
        var two = await api.NewTenantAsync();
        using var first = await one.PostEventAsync("{}", ("Idempotency-Key", "k"));

        using var second = await two.PostEventAsync("""{"b":1}""", ("Idempotency-Key", "k"));

        await second.ReadAsync(201);
        Assert.False(second.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Post_BadKey_AnswersInvalidIdempotencyKey()
    {
        var tenant = await api.NewTenantAsync();
        foreach (var key in new[] { "", new string('k', 256), "tab\tinside" })
        {
            using var answer = await tenant.PostEventAsync("{}", ("Idempotency-Key", key));
            await answer.AssertProblemAsync(400, "invalid_idempotency_key");
        }

        await tenant.AssertNoEventsAsync();
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [InlineData("nonsense", false)]
    public async Task Post_TraceParent_IsKeptIfWellFormed(string trace, bool kept)
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await tenant.PostEventAsync("{}", ("traceparent", trace));

        Assert.True(EventId.TryParse((await answer.ReadAsync(201)).Text("event_id"), out var id));
        var stored = await api.Events.FindAsync(tenant.Id, id, CancellationToken.None);
        Assert.Equal(kept ? trace : null, stored!.Event.TraceParent);
    }

    [Fact]
    public async Task Post_StoreUnavailable_AnswersOverloadedAndTellsNothing()
    {
        var tenant = await api.NewTenantAsync();
        FaultyEventStore.Faults[tenant.Id] = new StoreUnavailableException(
            "disk /secret/place full",
            TimeSpan.FromMilliseconds(2300)
        );

        using var answer = await tenant.PostEventAsync("{}");
        using var list = await tenant.Http.GetAsync("/v1/events");

        var problem = await answer.AssertProblemAsync(503, "overloaded");
        await list.AssertProblemAsync(503, "overloaded");
        Assert.Equal(TimeSpan.FromSeconds(3), answer.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendChunkedAsync(
        TestTenant tenant,
        string payload
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events");
        request.Headers.TransferEncodingChunked = true;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(payload));
        request.Content = new StreamContent(stream);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await tenant.Http.SendAsync(request);
    }
}
