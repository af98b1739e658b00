using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What becomes of a delivery, by what its receiver answers and what time passes.</summary>
public abstract class LifecycleTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    [Fact]
    public async Task A_receiver_that_answers_2xx_has_it_at_the_first_attempt()
    {
        var receiver = AddReceiver(204);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync();
        var delivery = await acme.WaitForAsync(id, "DELIVERED");

        Assert.Equal(
            (1, 204, "delivered"),
            (delivery.Attempts, delivery.LastStatusCode, delivery.LastReason)
        );
        Assert.Null(delivery.NextAttemptAt);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_receiver_that_fails_twice_gets_it_at_the_third_attempt_after_1_and_2_minutes()
    {
        var receiver = AddReceiver(500, 404, 200);
        var canary = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "event_types":["order.*"] """);
        await acme.AddEndpointAsync(canary.Url, """ "event_types":["canary"] """);

        var id = await acme.PostEventAsync();
        foreach (var minutes in new[] { 1, 2 })
        {
            var failed = await acme.WaitForAsync(id, "FAILED");
            var wait = failed.NextAttemptAt!.Value - Clock.GetUtcNow();
            Assert.InRange(wait.TotalMinutes, 0.9 * minutes - 0.001, 1.1 * minutes + 0.001);

            // Whatever would run too early has had its chance once something later has run.
            Clock.Advance(wait - TimeSpan.FromSeconds(1));
            await acme.WaitForAsync(
                await acme.PostEventAsync("""{"type":"canary"}"""),
                "DELIVERED"
            );
            Assert.Equal(failed, await acme.DeliveryAsync(id, endpoint));
            AdvanceTo(failed.NextAttemptAt);
            await acme.WaitForAttemptsAsync(id, failed.Attempts + 1);
        }

        await acme.WaitForAsync(id, "DELIVERED");
        Assert.Equal(
            [(1, 500, "http_status"), (2, 404, "http_status"), (3, 200, "delivered")],
            (await acme.AttemptsAsync(id)).Select(each =>
                (each.Number, each.StatusCode!.Value, each.Reason)
            )
        );
        Assert.Equal(["1", "2", "3"], receiver.Requests.Select(each => each["webhook-attempt"]));
        Assert.Equal([id], receiver.Requests.Select(each => each["webhook-id"]).Distinct());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_schedule_used_up_is_a_dead_letter_that_a_requeue_delivers(bool byOperator)
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);
        var id = await acme.PostEventAsync();

        foreach (var minutes in new[] { 1, 2, 4, 8, 16 })
        {
            var failed = await acme.WaitForAsync(id, "FAILED");
            Assert.InRange(
                (failed.NextAttemptAt!.Value - Clock.GetUtcNow()).TotalMinutes,
                0.9 * minutes - 0.001,
                1.1 * minutes + 0.001
            );
            AdvanceTo(failed.NextAttemptAt);
            await acme.WaitForAttemptsAsync(id, failed.Attempts + 1);
        }

        var dead = await acme.WaitForAsync(id, "DEAD_LETTER");
        Assert.Equal((6, null), (dead.Attempts, dead.NextAttemptAt));
        var letter = Assert.Single(
            (await acme.GetAsync("/v1/dead-letters"))
                .Expect(200)
                .Json.GetProperty("data")
                .EnumerateArray()
        );
        Assert.Equal(id, letter.GetProperty("event_id").GetString());

        receiver.AnswerWith(200);
        var requeued = byOperator
            ? await Operator.PostAsync("/v1/admin/dead-letters/requeue", """{"tenant_id":"acme"}""")
            : await acme.PostAsync(
                "/v1/dead-letters/requeue",
                $$"""{"endpoint_id":"{{endpoint.Id}}"}"""
            );

        Assert.Equal("""{"requeued":1,"failed":0}""", requeued.Expect(200).Text);
        Assert.Equal(7, (await acme.WaitForAsync(id, "DELIVERED")).Attempts);
        var attempts = await acme.AttemptsAsync(id);
        Assert.Equal([1, 1, 1, 1, 1, 1, 2], attempts.Select(each => each.Generation));
        Assert.Equal([1, 2, 3, 4, 5, 6, 1], attempts.Select(each => each.Number));
        Assert.Equal(
            0,
            (await acme.GetAsync("/v1/dead-letters")).Json.GetProperty("data").GetArrayLength()
        );
    }

    [Fact]
    public async Task A_requeued_dead_letter_that_fails_again_runs_through_its_schedule_anew()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["10s"] """);
        var id = await acme.PostEventAsync();
        AdvanceTo((await acme.WaitForAsync(id, "FAILED")).NextAttemptAt);
        await acme.WaitForAsync(id, "DEAD_LETTER");

        (await acme.PostAsync("/v1/dead-letters/requeue")).Expect(200);
        AdvanceTo((await acme.WaitForAsync(id, "FAILED")).NextAttemptAt);
        await acme.WaitForAsync(id, "DEAD_LETTER");

        Assert.Equal(
            [(1, 1), (1, 2), (2, 1), (2, 2)],
            (await acme.AttemptsAsync(id)).Select(each => (each.Generation, each.Number))
        );
    }

    [Fact]
    public async Task An_endpoint_s_own_schedule_comes_before_the_default()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["30s","7d"] """);
        var id = await acme.PostEventAsync();

        foreach (var wait in new[] { TimeSpan.FromSeconds(30), TimeSpan.FromDays(7) })
        {
            var failed = await acme.WaitForAsync(id, "FAILED");
            Assert.InRange((failed.NextAttemptAt!.Value - Clock.GetUtcNow()) / wait, 0.899, 1.101);
            AdvanceTo(failed.NextAttemptAt);
            await acme.WaitForAttemptsAsync(id, failed.Attempts + 1);
        }

        Assert.Equal(3, (await acme.WaitForAsync(id, "DEAD_LETTER")).Attempts);
    }

    [Fact]
    public async Task A_receiver_that_answers_410_is_disabled_and_its_delivery_dead_lettered()
    {
        var receiver = AddReceiver(410);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync();
        var dead = await acme.WaitForAsync(id, "DEAD_LETTER");
        await Eventually.IsAsync(
            "True",
            async () => (await acme.GetAsync(endpoint.Path))["disabled"]
        );
        var next = await acme.WaitForAsync(await acme.PostEventAsync(), "PARKED");

        Assert.Equal(
            (1, 410, "endpoint_gone"),
            (dead.Attempts, dead.LastStatusCode, dead.LastReason)
        );
        Assert.Equal("endpoint_gone", (await acme.GetAsync(endpoint.Path))["disabled_reason"]);
        Assert.Equal((0, "endpoint_disabled"), (next.Attempts, next.LastReason));
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData(429, "Retry-After: 300", 300)]
    [InlineData(503, "Retry-After: 3600", 3600)]
    [InlineData(503, "Retry-After: 90000", 86_400)]
    [InlineData(429, "Retry-After: 99999999999999999999", 86_400)]
    public async Task A_receiver_s_Retry_After_is_honoured_for_up_to_24_hours(
        int status,
        string header,
        int seconds
    )
    {
        var receiver = AddReceiver();
        receiver.Answer = _ => Task.FromResult(WireReceiver.Status(status, header));
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync();
        var failed = await acme.WaitForAsync(id, "FAILED");
        Assert.Equal(("throttled", status), (failed.LastReason, failed.LastStatusCode));
        Assert.Equal(seconds, (failed.NextAttemptAt!.Value - Clock.GetUtcNow()).TotalSeconds, 0.01);

        receiver.AnswerWith(200);
        AdvanceTo(failed.NextAttemptAt);
        await acme.WaitForAsync(id, "DELIVERED");
    }

    [Theory]
    [InlineData(429, "Retry-After: 5", "throttled")]
    [InlineData(429, "X-Nothing: 1", "throttled")]
    [InlineData(503, "X-Nothing: 1", "http_status")]
    [InlineData(500, "Retry-After: 3600", "http_status")]
    public async Task The_schedule_s_step_counts_where_it_is_later_or_nothing_is_asked(
        int status,
        string header,
        string reason
    )
    {
        var receiver = AddReceiver();
        receiver.Answer = _ => Task.FromResult(WireReceiver.Status(status, header));
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var failed = await acme.WaitForAsync(await acme.PostEventAsync(), "FAILED");

        Assert.Equal(reason, failed.LastReason);
        Assert.InRange((failed.NextAttemptAt!.Value - Clock.GetUtcNow()).TotalSeconds, 53.9, 66.1);
    }

    [Fact]
    public async Task A_Retry_After_in_the_form_of_a_date_is_honoured()
    {
        var until = Clock.GetUtcNow() + TimeSpan.FromMinutes(10);
        var receiver = AddReceiver();
        receiver.Answer = _ => Task.FromResult(WireReceiver.Status(503, $"Retry-After: {until:R}"));
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var failed = await acme.WaitForAsync(await acme.PostEventAsync(), "FAILED");

        Assert.Equal(until, failed.NextAttemptAt);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        var target = AddReceiver();
        var receiver = AddReceiver();
        receiver.Answer = _ =>
            Task.FromResult(WireReceiver.Status(status, $"Location: {target.Url}"));
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var failed = await acme.WaitForAsync(await acme.PostEventAsync(), "FAILED");

        Assert.Equal(("http_status", status), (failed.LastReason, failed.LastStatusCode));
        Assert.Equal(0, target.ConnectionCount);
    }

    [Fact]
    public async Task A_dead_letter_expires_14_days_after_its_last_change_and_an_open_delivery_does_not()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(
            receiver.Url,
            """ "event_types":["dead"],"retry_schedule":[] """
        );
        await acme.AddEndpointAsync(receiver.Url, """ "event_types":["parked"],"disabled":true """);
        var dead = await acme.PostEventAsync("""{"type":"dead"}""");
        var parked = await acme.PostEventAsync("""{"type":"parked"}""");
        await acme.WaitForAsync(dead, "DEAD_LETTER");
        await acme.WaitForAsync(parked, "PARKED");

        Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMinutes(2));
        (await acme.GetAsync("/v1/events/" + dead)).Expect(200);
        await PumpAsync(
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMinutes(10),
            async () => (await acme.GetAsync("/v1/events/" + dead)).Status == 404
        );

        (await acme.GetAsync("/v1/events/" + parked)).Expect(200);
    }
}
