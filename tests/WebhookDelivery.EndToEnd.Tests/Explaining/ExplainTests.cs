using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>GET /events/{id}/explain, a case for each verdict.</summary>
public abstract class ExplainTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private TenantUser _acme = null!;

    [Fact]
    public async Task Explain_WhatWasDelivered_IsSent()
    {
        var endpoint = await AddEndpointAsync(AddReceiver(500, 200).Url);
        var id = await _acme.PostEventAsync();
        AdvanceTo((await _acme.WaitForAsync(id, "FAILED")).NextAttemptAt);
        await _acme.WaitForAsync(id, "DELIVERED");

        var explained = await ExplainAsync(id, endpoint);

        Assert.Equal(("sent", "delivered"), (explained.Verdict, explained.Reason));
        Assert.Equal(("DELIVERED", 2), (explained.Status, explained.Attempts));
        Assert.Equal((1, 1), (explained.EndpointVersion, Generation(explained)));
        Assert.Contains("status 200, after 2 attempts", explained.Detail, StringComparison.Ordinal);
        Assert.Equal("live", explained.Delivery.GetProperty("source").GetString());
    }

    [Fact]
    public async Task Explain_WhatIsDeliveredAgain_NamesWhatStartedIt()
    {
        var endpoint = await AddEndpointAsync(AddReceiver().Url);
        var id = await _acme.PostEventAsync();
        await _acme.WaitForAsync(id, "DELIVERED");
        (await _acme.PostAsync($"/v1/events/{id}/redeliver")).Expect(202);
        await _acme.WaitForAttemptsAsync(id, 2);

        var explained = await ExplainAsync(id, endpoint);

        Assert.Equal(("sent", 2), (explained.Verdict, Generation(explained)));
        Assert.Equal("redeliver", explained.Delivery.GetProperty("source").GetString());
    }

    [Fact]
    public async Task Explain_WhatIsUnderWay_IsWaiting_AndWhatTheCapHoldsBackIsLimited()
    {
        var receiver = Own(new HungReceiver());
        var endpoint = await AddEndpointAsync(receiver.Url, """ "max_in_flight":1 """);
        var first = await _acme.PostEventAsync();
        await Eventually.IsAsync(1, () => receiver.Held);
        var second = await _acme.PostEventAsync();

        await Eventually.IsAsync(
            ("limited", "in_flight_limit"),
            async () => Said(await ExplainAsync(second, endpoint))
        );
        var underWay = await ExplainAsync(first, endpoint);
        Assert.Equal(("waiting", null), Said(underWay));
        Assert.Contains("under way", underWay.Detail, StringComparison.Ordinal);

        receiver.Release();
        await Eventually.IsAsync(
            ("sent", "delivered"),
            async () => Said(await ExplainAsync(second, endpoint))
        );
    }

    [Fact]
    public async Task Explain_WhatFailed_IsRetryingUntilItIsDeadLettered()
    {
        var endpoint = await AddEndpointAsync(
            AddReceiver(500).Url,
            """ "retry_schedule":["1m"] """
        );
        var id = await _acme.PostEventAsync();
        var failed = await _acme.WaitForAsync(id, "FAILED");

        var retrying = await ExplainAsync(id, endpoint);
        Assert.Equal(("retrying", "http_status"), Said(retrying));
        Assert.Equal(failed.NextAttemptAt, retrying.NextAttemptAt);
        Assert.Contains("status 500", retrying.Detail, StringComparison.Ordinal);

        AdvanceTo(failed.NextAttemptAt);
        await _acme.WaitForAsync(id, "DEAD_LETTER");
        var dead = await ExplainAsync(id, endpoint);
        Assert.Equal(("dead_lettered", "http_status"), Said(dead));
        Assert.Contains("2 attempts failed", dead.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_WhatTheRateHoldsBack_IsLimitedUntilThen()
    {
        var receiver = AddReceiver();
        var endpoint = await AddEndpointAsync(receiver.Url, """ "rate_limit_per_second":1 """);
        await _acme.WaitForAsync(await _acme.PostEventAsync(), "DELIVERED");
        var held = await _acme.PostEventAsync();

        await Eventually.IsAsync(
            ("limited", "rate_limit"),
            async () => Said(await ExplainAsync(held, endpoint))
        );
        var explained = await ExplainAsync(held, endpoint);
        Assert.Equal(("PENDING", 0), (explained.Status, explained.Attempts));
        Assert.InRange(
            explained.HeldUntil!.Value - Clock.GetUtcNow(),
            TimeSpan.FromMilliseconds(1),
            TimeSpan.FromSeconds(1)
        );

        await PumpAsync(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(1),
            async () => (await ExplainAsync(held, endpoint)).Verdict == "sent"
        );
    }

    [Fact]
    public async Task Explain_WhatAnOpenBreakerHoldsBack_IsBlocked()
    {
        var endpoint = await AddEndpointAsync(
            AddReceiver(500).Url,
            """ "max_in_flight":1,"retry_schedule":["1h"] """
        );
        for (var i = 0; i < 25; i++)
        {
            await _acme.PostEventAsync();
        }

        await Eventually.IsAsync(20, () => _acme.CountEventsAsync("&status=FAILED"));
        var held = await _acme.PostEventAsync();

        await Eventually.IsAsync(
            ("blocked", "breaker_open"),
            async () => Said(await ExplainAsync(held, endpoint))
        );
        var explained = await ExplainAsync(held, endpoint);
        Assert.InRange(explained.HeldUntil!.Value, Clock.GetUtcNow(), DateTimeOffset.MaxValue);
        Assert.Equal(("PENDING", 0), (explained.Status, explained.Attempts));
    }

    [Fact]
    public async Task Explain_AnAddressThatIsNotAllowed_IsBlocked()
    {
        var receiver = AddReceiver();
        var endpoint = await AddEndpointAsync(receiver.Url);
        await RestartAsync(
            Setup with
            {
                Dev = false,
                Settings = new Dictionary<string, string?>
                {
                    ["Delivery:AllowHttp"] = "true",
                    ["Delivery:AllowedPorts"] = receiver.Url.Port.ToString(),
                },
            }
        );
        var id = await _acme.PostEventAsync();
        await _acme.WaitForAsync(id, "FAILED");

        Assert.Equal(("blocked", "blocked_address"), Said(await ExplainAsync(id, endpoint)));
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Explain_OfADisabledEndpoint_IsParkedAndSaysWhyItIs()
    {
        var endpoint = await AddEndpointAsync(AddReceiver(410).Url);
        var gone = await _acme.PostEventAsync();
        await _acme.WaitForAsync(gone, "DEAD_LETTER");
        await Eventually.IsAsync(
            "True",
            async () => (await _acme.GetAsync(endpoint.Path))["disabled"]
        );
        var parked = await _acme.PostEventAsync();
        await _acme.WaitForAsync(parked, "PARKED");

        Assert.Equal(("dead_lettered", "endpoint_gone"), Said(await ExplainAsync(gone, endpoint)));
        var explained = await ExplainAsync(parked, endpoint);
        Assert.Equal(("parked", "endpoint_disabled"), Said(explained));
        Assert.Contains("`endpoint_gone`", explained.Detail, StringComparison.Ordinal);
        Assert.Equal(2, explained.EndpointVersion);
    }

    [Fact]
    public async Task Explain_OfADeletedEndpoint_IsCancelledAndStaysListed()
    {
        var endpoint = await AddEndpointAsync(AddReceiver(500).Url);
        var id = await _acme.PostEventAsync();
        await _acme.WaitForAsync(id, "FAILED");
        (await _acme.DeleteAsync(endpoint.Path)).Expect(204);
        await _acme.WaitForAsync(id, "CANCELLED");

        var explained = await ExplainAsync(id, endpoint);

        Assert.Equal(("cancelled", "endpoint_deleted"), Said(explained));
        Assert.StartsWith("http://", explained.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_ByTypes_GoesByTheFilterOfThatTime()
    {
        var receiver = AddReceiver();
        var invoices = await AddEndpointAsync(receiver.Url, """ "event_types":["invoice.*"] """);
        var orders = await AddEndpointAsync(receiver.Url, """ "event_types":["order.*"] """);
        var id = await _acme.PostEventAsync("""{"type":"order.created"}""");
        var untyped = await _acme.PostEventAsync("{}");
        await _acme.WaitForAsync(id, orders, "DELIVERED");
        (await _acme.PatchAsync(invoices.Path, """{"event_types":["order.*"]}""")).Expect(200);
        (await _acme.PatchAsync(orders.Path, """{"event_types":["invoice.*"]}""")).Expect(200);

        var filtered = await ExplainAsync(id, invoices);
        Assert.Equal(("filtered_by_type", null), Said(filtered));
        Assert.Equal((1, 0), (filtered.EndpointVersion, filtered.Attempts));
        Assert.Contains("`invoice.*`", filtered.Detail, StringComparison.Ordinal);
        Assert.Contains("`order.created`", filtered.Detail, StringComparison.Ordinal);
        Assert.Equal("sent", (await ExplainAsync(id, orders)).Verdict);
        Assert.Contains(
            "no type",
            (await ExplainAsync(untyped, orders)).Detail,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Explain_ByPayload_NamesTheConditionOfThatTime()
    {
        var receiver = AddReceiver();
        var endpoint = await AddEndpointAsync(
            receiver.Url,
            """ "filter":{"field":"data.total","gte":100} """
        );
        var id = await _acme.PostEventAsync("""{"type":"order.paid","data":{"total":99.5}}""");
        (await _acme.PatchAsync(endpoint.Path, """{"filter":null}""")).Expect(200);

        var explained = await ExplainAsync(id, endpoint);

        Assert.Equal(("filtered_by_payload", null), Said(explained));
        Assert.Equal(1, explained.EndpointVersion);
        Assert.Contains("data.total", explained.Detail, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Explain_OfATestEvent_LeavesOthersUntargeted()
    {
        var receiver = AddReceiver();
        var tested = await AddEndpointAsync(receiver.Url, """ "event_types":["invoice.*"] """);
        var other = await AddEndpointAsync(receiver.Url);
        var news = await AddEndpointAsync(receiver.Url, """ "operational":true """);
        var test = (await _acme.PostAsync(tested.Path + "/test")).Expect(202)["event_id"];
        await _acme.WaitForAsync(test, "DELIVERED");
        var live = await _acme.PostEventAsync();
        await _acme.WaitForAsync(live, other, "DELIVERED");

        Assert.Equal("sent", (await ExplainAsync(test, tested)).Verdict);
        Assert.Equal("not_targeted", (await ExplainAsync(test, other)).Verdict);
        Assert.Equal("not_targeted", (await ExplainAsync(test, news)).Verdict);
        Assert.Equal("sent", (await ExplainAsync(live, other)).Verdict);
        Assert.Equal("not_targeted", (await ExplainAsync(live, news)).Verdict);
        Assert.Equal("filtered_by_type", (await ExplainAsync(live, tested)).Verdict);
    }

    [Fact]
    public async Task Explain_EndpointsOfOtherTimes_AreTooLateOrTooEarly()
    {
        var receiver = AddReceiver();
        var old = await AddEndpointAsync(receiver.Url);
        (await _acme.DeleteAsync(old.Path)).Expect(204);
        Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        var deleted = await AddEndpointAsync(receiver.Url);
        (await _acme.DeleteAsync(deleted.Path)).Expect(204);
        var filtered = await AddEndpointAsync(receiver.Url, """ "event_types":["invoice.*"] """);

        // All within the same millisecond as what comes after: revisions tell them apart, not times.
        var id = await _acme.PostEventAsync();
        var later = await AddEndpointAsync(receiver.Url);
        (await _acme.DeleteAsync(filtered.Path)).Expect(204);

        var explained = await ExplanationView.AllAsync(_acme, id);
        Assert.Equal(
            [
                (deleted.Id, "deleted_before"),
                (filtered.Id, "filtered_by_type"),
                (later.Id, "created_later"),
            ],
            explained
                .Values.OrderBy(each => each.EndpointId, StringComparer.Ordinal)
                .Select(each => (each.EndpointId, each.Verdict))
        );
        Assert.Null(explained[later.Id].EndpointVersion);
        Assert.Equal(2, explained[deleted.Id].EndpointVersion);
    }

    [Fact]
    public async Task Explain_AnEventOfAnotherTenant_IsNotFound()
    {
        await AddEndpointAsync(AddReceiver().Url);
        var id = await _acme.PostEventAsync();
        var other = await AddTenantAsync("globex");

        var (foreign, unknown) = (
            await other.GetAsync($"/v1/events/{id}/explain"),
            await other.GetAsync("/v1/events/evt_00000000000000000000000000/explain")
        );

        Assert.Equal(unknown.Fingerprint, foreign.Expect(404).Fingerprint);
    }

    private async Task<EndpointRef> AddEndpointAsync(Uri url, string members = "")
    {
        _acme ??= await AddTenantAsync();
        return await _acme.AddEndpointAsync(url, members);
    }

    private async Task<ExplanationView> ExplainAsync(string eventId, EndpointRef endpoint) =>
        (await ExplanationView.AllAsync(_acme, eventId))[endpoint.Id];

    private static (string Verdict, string? Reason) Said(ExplanationView explained) =>
        (explained.Verdict, explained.Reason);

    private static int Generation(ExplanationView explained) =>
        explained.Delivery.GetProperty("generation").GetInt32();
}
