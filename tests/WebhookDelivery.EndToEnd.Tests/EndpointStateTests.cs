using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What an endpoint's state, filter and limits do to its deliveries.</summary>
public abstract class EndpointStateTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    [Fact]
    public async Task Disabled_DeliveriesThatFallDue_AreParkedAndDeliveredOnceEnabled()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);
        var retried = await acme.PostEventAsync();
        var failed = await acme.WaitForAsync(retried, "FAILED");

        await acme.SetDisabledAsync(endpoint, true);
        var fresh = await acme.PostEventAsync();
        await acme.WaitForAsync(fresh, "PARKED");
        Assert.Equal("FAILED", (await acme.DeliveryAsync(retried)).Status);
        AdvanceTo(failed.NextAttemptAt);
        await acme.WaitForAsync(retried, "PARKED");
        Assert.Single(receiver.Requests);

        await acme.SetDisabledAsync(endpoint, false);
        await acme.WaitForAsync(fresh, "DELIVERED");
        await acme.WaitForAsync(retried, "DELIVERED");
        Assert.Equal(3, receiver.Requests.Count);
    }

    [Fact]
    public async Task Deleted_OpenAndParkedDeliveries_AreCancelled()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var failing = await acme.AddEndpointAsync(receiver.Url);
        var disabled = await acme.AddEndpointAsync(receiver.Url, """ "disabled":true """);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, failing, "FAILED");
        await acme.WaitForAsync(id, disabled, "PARKED");

        (await acme.DeleteAsync(failing.Path)).Expect(204);
        (await acme.DeleteAsync(disabled.Path)).Expect(204);

        Assert.Equal(
            "endpoint_deleted",
            (await acme.WaitForAsync(id, failing, "CANCELLED")).LastReason
        );
        await acme.WaitForAsync(id, disabled, "CANCELLED");
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("CANCELLED", (await acme.EventAsync(id)).GetProperty("status").GetString());
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData("order.created", "exact one every rest")]
    [InlineData("order.item.added", "every rest")]
    [InlineData("order", "every")]
    [InlineData("orders.created", "every")]
    [InlineData(null, "every")]
    public async Task Filter_OfTypes_DecidesWhoGetsAnEvent(string? type, string expected)
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var names = new Dictionary<string, string>();
        foreach (
            var (name, patterns) in new[]
            {
                ("exact", """["order.created"]"""),
                ("one", """["invoice.paid","order.*"]"""),
                ("rest", """["order.**"]"""),
                ("every", "[]"),
                ("none", """["*.updated","ORDER.**"]"""),
            }
        )
        {
            var made = await acme.AddEndpointAsync(receiver.Url, $"\"event_types\":{patterns}");
            names.Add(made.Id, name);
        }

        var id = await acme.PostEventAsync(type is null ? "{}" : $$"""{"type":"{{type}}"}""");
        await Eventually.IsAsync(
            "DELIVERED",
            async () => (await acme.EventAsync(id)).GetProperty("status").GetString()
        );

        var got = (await acme.EventAsync(id))
            .GetProperty("deliveries")
            .EnumerateArray()
            .Select(delivery => names[delivery.GetProperty("endpoint_id").GetString()!]);
        Assert.Equal(expected.Split(' ').Order(), got.Order());
        Assert.Equal(expected.Split(' ').Length, receiver.Requests.Count);
    }

    [Fact]
    public async Task Event_ThatNoEndpointTakes_IsUnrouted()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "event_types":["invoice.*"] """);

        var posted = await acme.PostEventAsync("""{"type":"order.created"}"""u8.ToArray());
        var id = posted.Expect(201)["event_id"];
        await acme.AddEndpointAsync(receiver.Url);

        Assert.Equal(("UNROUTED", "[]"), (posted["status"], posted["endpoint_ids"]));
        Assert.Equal("UNROUTED", (await acme.EventAsync(id)).GetProperty("status").GetString());
        Assert.Equal(
            "nothing_to_deliver",
            (await acme.PostAsync($"/v1/events/{id}/redeliver")).Expect(409)["code"]
        );
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Test_OfAnEndpoint_GoesToItAloneWhateverItsFilter()
    {
        var (tested, other) = (AddReceiver(), AddReceiver());
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(tested.Url, """ "event_types":["invoice.*"] """);
        await acme.AddEndpointAsync(other.Url);

        var answer = await acme.PostAsync(endpoint.Path + "/test");
        var delivery = await acme.WaitForAsync(answer.Expect(202)["event_id"], "DELIVERED");

        Assert.Equal(endpoint.Id, delivery.EndpointId);
        Assert.Equal("webhook.test", Assert.Single(tested.Requests)["webhook-event-type"]);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Fan_out_gives_each_endpoint_an_outcome_of_its_own()
    {
        var (good, bad, gone) = (AddReceiver(200), AddReceiver(500), AddReceiver(410));
        var acme = await AddTenantAsync();
        var delivered = await acme.AddEndpointAsync(good.Url);
        var failing = await acme.AddEndpointAsync(bad.Url);
        var dead = await acme.AddEndpointAsync(gone.Url);
        var parked = await acme.AddEndpointAsync(good.Url, """ "disabled":true """);

        var id = await acme.PostEventAsync();

        await acme.WaitForAsync(id, delivered, "DELIVERED");
        await acme.WaitForAsync(id, failing, "FAILED");
        await acme.WaitForAsync(id, dead, "DEAD_LETTER");
        await acme.WaitForAsync(id, parked, "PARKED");
        Assert.Equal("FAILED", (await acme.EventAsync(id)).GetProperty("status").GetString());
        Assert.Equal((1, 1, 1), (good.Requests.Count, bad.Requests.Count, gone.Requests.Count));
    }

    [Fact]
    public async Task Requeue_TowardsADisabledEndpoint_ParksAndCounts()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "DEAD_LETTER");
        await acme.SetDisabledAsync(endpoint, true);

        var requeued = await acme.PostAsync("/v1/dead-letters/requeue");

        Assert.Equal("""{"requeued":1,"failed":0}""", requeued.Expect(200).Text);
        await acme.WaitForAsync(id, "PARKED");
        Assert.Single(receiver.Requests);
        await acme.SetDisabledAsync(endpoint, false);
        await acme.WaitForAsync(id, "DELIVERED");
    }

    [Fact]
    public async Task Requeue_TowardsADeletedEndpoint_Fails()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "DEAD_LETTER");
        (await acme.DeleteAsync(endpoint.Path)).Expect(204);

        var requeued = await acme.PostAsync("/v1/dead-letters/requeue");

        Assert.Equal("""{"requeued":0,"failed":1}""", requeued.Expect(200).Text);
        Assert.Equal("DEAD_LETTER", (await acme.DeliveryAsync(id)).Status);
    }

    [Fact]
    public async Task Requeue_OfSomeOnly_CountsToItsLimit()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        for (var i = 0; i < 5; i++)
        {
            await acme.WaitForAsync(await acme.PostEventAsync(), "DEAD_LETTER");
        }

        receiver.AnswerWith(200);
        var requeued = await Operator.PostAsync(
            "/v1/admin/dead-letters/requeue",
            """{"max_messages":3}"""
        );

        Assert.Equal("""{"requeued":3,"failed":0}""", requeued.Expect(200).Text);
        await Eventually.IsAsync(3, () => acme.CountEventsAsync("&status=DELIVERED"));
        Assert.Equal(2, await acme.CountEventsAsync("&status=DEAD_LETTER"));
    }

    [Fact]
    public async Task Breaker_ThatIsOpen_PostponesAndUsesNothingOfTheSchedule()
    {
        const int UntilOpen = 20;
        var receiver = AddReceiver(500);
        var healthy = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(
            receiver.Url,
            """ "event_types":["order.*"],"max_in_flight":1 """
        );
        await acme.AddEndpointAsync(healthy.Url, """ "event_types":["canary"] """);
        var ids = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            ids.Add(await acme.PostEventAsync());
        }

        await Eventually.IsAsync(UntilOpen, () => acme.CountEventsAsync("&status=FAILED"));
        await acme.WaitForAsync(await acme.PostEventAsync("""{"type":"canary"}"""), "DELIVERED");
        Assert.Equal(UntilOpen, receiver.Requests.Count);
        Assert.Equal(10, await acme.CountEventsAsync("&status=PENDING"));

        receiver.AnswerWith(200);
        await PumpAsync(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(20),
            async () => await acme.CountEventsAsync("&status=PENDING") == 0
        );
        foreach (var id in ids.Skip(UntilOpen))
        {
            Assert.Equal(("DELIVERED", 1), await StatusAndAttemptsAsync(acme, id));
        }

        await PumpAsync(
            TimeSpan.FromSeconds(5),
            TimeSpan.FromMinutes(2),
            async () => await acme.CountEventsAsync("&status=FAILED") == 0
        );
        foreach (var id in ids.Take(UntilOpen))
        {
            Assert.Equal(("DELIVERED", 2), await StatusAndAttemptsAsync(acme, id));
        }
    }

    [Fact]
    public async Task Rate_limit_spreads_deliveries_over_time_and_uses_no_attempts()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "rate_limit_per_second":1 """);
        var start = Clock.GetUtcNow();
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await acme.PostEventAsync());
        }

        await PumpAsync(
            TimeSpan.FromSeconds(0.5),
            TimeSpan.FromSeconds(10),
            async () => await acme.CountEventsAsync("&status=DELIVERED") == 4
        );

        var begun = new List<TimeSpan>();
        foreach (var id in ids)
        {
            begun.Add(Assert.Single(await acme.AttemptsAsync(id)).StartedAt - start);
        }

        begun.Sort();
        Assert.Equal(TimeSpan.Zero, begun[0]);
        Assert.All(
            begun.Zip(begun.Skip(1), (earlier, later) => later - earlier),
            between => Assert.InRange(between.TotalSeconds, 0.999, 10)
        );
    }

    private static async Task<(string Status, int Attempts)> StatusAndAttemptsAsync(
        TenantUser tenant,
        string id
    )
    {
        var delivery = await tenant.DeliveryAsync(id);
        return (delivery.Status, delivery.Attempts);
    }
}
