namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>An idempotency key makes one event, however often and however it is posted.</summary>
public abstract class IdempotencyTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private static readonly byte[] s_payload = """{"type":"order.created","n":1}"""u8.ToArray();

    [Fact]
    public async Task Posts_at_once_under_one_key_make_one_event_and_one_delivery()
    {
        const int Posts = 100;
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Posts).Select(_ => acme.PostEventAsync(s_payload, "order-1"))
        );

        Assert.All(answers, answer => answer.Expect(201));
        var body = Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Single(answers, answer => !answer.Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal(1, await acme.CountEventsAsync());
        await acme.WaitForAsync(answers[0]["event_id"], "DELIVERED");
        var canary = await acme.PostEventAsync();
        await acme.WaitForAsync(canary, "DELIVERED");
        Assert.Equal(2, receiver.Requests.Count);
        Assert.Contains(answers[0]["event_id"], body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_after_a_restart_gives_the_first_answer_again()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var first = await acme.PostEventAsync(s_payload, "order-1");
        await acme.WaitForAsync(first.Expect(201)["event_id"], "DELIVERED");

        await RestartAsync();
        var replay = await acme.PostEventAsync(s_payload, "order-1");

        Assert.Equal(first.Text, replay.Expect(201).Text);
        Assert.Equal(first.Headers["Location"], replay.Headers["Location"]);
        Assert.Equal("true", replay.Headers["Idempotency-Replayed"]);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task A_key_reused_for_another_body_is_refused_and_stores_nothing()
    {
        var acme = await AddTenantAsync();
        (await acme.PostEventAsync(s_payload, "order-1")).Expect(201);

        var reused = await acme.PostEventAsync(
            """{"type":"order.created","n":2}"""u8.ToArray(),
            "order-1"
        );

        Assert.Equal("idempotency_key_reused", reused.Expect(422)["code"]);
        Assert.Equal("application/problem+json", reused.Headers["Content-Type"]);
        Assert.Equal(1, await acme.CountEventsAsync());
    }

    [Fact]
    public async Task A_key_is_its_tenant_s_own()
    {
        var acme = await AddTenantAsync();
        var globex = await AddTenantAsync("globex");

        var first = await acme.PostEventAsync(s_payload, "order-1");
        var other = await globex.PostEventAsync(s_payload, "order-1");

        Assert.NotEqual(first.Expect(201)["event_id"], other.Expect(201)["event_id"]);
        Assert.False(other.Headers.ContainsKey("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_key_stands_for_24_hours()
    {
        var acme = await AddTenantAsync();
        var first = await acme.PostEventAsync(s_payload, "order-1");

        Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        var replay = await acme.PostEventAsync(s_payload, "order-1");
        Clock.Advance(TimeSpan.FromMinutes(2));
        var fresh = await acme.PostEventAsync(s_payload, "order-1");

        Assert.Equal(first.Text, replay.Text);
        Assert.NotEqual(first.Expect(201)["event_id"], fresh.Expect(201)["event_id"]);
        Assert.False(fresh.Headers.ContainsKey("Idempotency-Replayed"));
    }
}
