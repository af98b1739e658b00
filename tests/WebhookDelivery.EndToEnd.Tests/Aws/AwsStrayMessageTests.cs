using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Messages that should not be there: copies, stale ones, rubbish. None changes what is stored.</summary>
public sealed class AwsStrayMessageTests : AwsFaultTest
{
    [Fact]
    public async Task Copies_of_a_message_whose_attempt_is_under_way_make_no_attempt()
    {
        using var inside = await Engine.LookInsideAsync();
        var gate = new TaskCompletionSource<string>();
        var receiver = AddReceiver();
        receiver.Answer = _ => gate.Task;
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var posted = await acme.PostEventAsync();
        await Eventually.IsAsync(1, () => receiver.Requests.Count);

        for (var copy = 0; copy < 5; copy++)
        {
            await inside.SendAsync(inside.DueQueue, Sent[0].Body);
        }

        // The message that is held stands for its copies: they go, and it stays.
        await Eventually.IsAsync((0, 1), () => inside.CountAsync(inside.DueQueue));
        gate.SetResult(WireReceiver.Ok);

        var delivered = await acme.WaitForAsync(posted, "DELIVERED");
        await Eventually.IsAsync((0, 0), () => inside.CountAsync(inside.DueQueue));
        Assert.Equal(1, delivered.Attempts);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_copy_that_comes_after_the_delivery_is_a_duplicate_with_the_same_id()
    {
        using var inside = await Engine.LookInsideAsync();
        var receiver = AddReceiver(200, 500);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var posted = await acme.PostEventAsync();
        var delivered = await acme.WaitForAsync(posted, "DELIVERED");

        await inside.SendAsync(inside.DueQueue, Sent[0].Body);
        await Eventually.IsAsync((0, 0), () => inside.CountAsync(inside.DueQueue));

        // Its failure is known, and undoes nothing.
        Assert.Equal([posted, posted], receiver.Requests.Select(each => each["webhook-id"]));
        var after = await acme.DeliveryAsync(posted);
        Assert.Equal(("DELIVERED", null), (after.Status, after.NextAttemptAt));
        Assert.Equal(delivered.LastStatusCode, after.LastStatusCode);
        Assert.Equal(
            [200, 500],
            (await acme.AttemptsAsync(posted)).Select(each => each.StatusCode)
        );
    }

    [Fact]
    public async Task A_stale_worker_s_outcome_leaves_a_later_generation_as_it_is()
    {
        using var inside = await Engine.LookInsideAsync();
        var receiver = AddReceiver(200, 500, 200, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var posted = await acme.PostEventAsync();
        await acme.WaitForAsync(posted, "DELIVERED");
        (await acme.PostAsync($"/v1/events/{posted}/redeliver")).Expect(202);
        var failed = await acme.WaitForAsync(posted, "FAILED");

        await inside.SendAsync(inside.DueQueue, Sent[0].Body);
        await Eventually.IsAsync((0, 0), () => inside.CountAsync(inside.DueQueue));

        var after = await acme.DeliveryAsync(posted);
        Assert.Equal((failed.Status, failed.NextAttemptAt), (after.Status, after.NextAttemptAt));
        Assert.Equal(3, (await acme.AttemptsAsync(posted)).Count);
        AdvanceTo(failed.NextAttemptAt);
        await acme.WaitForAsync(posted, "DELIVERED");
        Assert.Equal(4, receiver.Requests.Count);
    }

    [Fact]
    public async Task A_late_copy_of_a_retry_s_message_is_dropped_without_an_attempt()
    {
        using var inside = await Engine.LookInsideAsync();
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var posted = await acme.PostEventAsync();
        AdvanceTo((await acme.WaitForAsync(posted, "FAILED")).NextAttemptAt);
        await acme.WaitForAsync(posted, "DELIVERED");

        Clock.Advance(TimeSpan.FromMinutes(3));
        await inside.SendAsync(inside.DueQueue, Sent[^1].Body);
        await Eventually.IsAsync((0, 0), () => inside.CountAsync(inside.DueQueue));

        Assert.Equal(2, receiver.Requests.Count);
        Assert.Equal(2, (await acme.DeliveryAsync(posted)).Attempts);
    }

    [Fact]
    public async Task Rubbish_harms_nothing_and_ends_in_the_dead_letter_queue()
    {
        // By the emulator's clock: what nobody completes comes again after a second, five times.
        await RestartAsync(With("Aws:VisibilityTimeoutSeconds", "1"));
        using var inside = await Engine.LookInsideAsync();
        var acme = await AddBookedAsync("acme");
        await PostBookedAsync(acme, "first");
        await Eventually.IsAsync(1, () => Sent.Count);
        string[] rubbish =
        [
            "rubbish",
            "{}",
            "[1]\n{}",
            "{\"v\":1,\"t\":\"acme\"}",
            Sent[0].Body.Replace("\"v\":1", "\"v\":99", StringComparison.Ordinal),
            Sent[0].Body.Replace("evt_", "evt-", StringComparison.Ordinal),
        ];
        foreach (var body in rubbish)
        {
            await inside.SendAsync(inside.DueQueue, body);
        }

        for (var i = 0; i < 10; i++)
        {
            (await PostBookedAsync(acme, $"marker-{i}")).Expect(201);
        }

        await Eventually.IsAsync(0, () => Ledger.Imbalance().Count);
        await Eventually.IsAsync((0, 0), () => inside.CountAsync(inside.DueQueue));
        Assert.Equal(
            rubbish.Order(StringComparer.Ordinal),
            (await inside.PeekAsync(inside.DeadQueue)).Order(StringComparer.Ordinal)
        );

        // The hourly look leaves it to an operator, and requeueing steps over it.
        Clock.Advance(TimeSpan.FromHours(2));
        await SweptAsync();
        var requeued = await acme.User.PostAsync("/v1/dead-letters/requeue", "{}");
        Assert.Equal("""{"requeued":0,"failed":0}""", requeued.Expect(200).Text);
        Assert.Equal(11, Ledger.Received);
    }

    [Fact]
    public async Task A_dead_letter_s_message_is_dropped_once_the_delivery_is_none()
    {
        using var inside = await Engine.LookInsideAsync();
        var receiver = AddReceiver(500, 500, 500, 500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["1s"] """);
        var requeued = await DieAsync(acme);
        await DieAsync(acme);
        await Eventually.IsAsync((2, 0), () => inside.CountAsync(inside.DeadQueue));

        (await acme.PostAsync($"/v1/events/{requeued}/redeliver")).Expect(202);
        await acme.WaitForAsync(requeued, "DELIVERED");
        Clock.Advance(TimeSpan.FromHours(1));

        await Eventually.IsAsync((1, 0), () => inside.CountAsync(inside.DeadQueue));
        Assert.Equal("DELIVERED", (await acme.DeliveryAsync(requeued)).Status);
        Assert.Equal(5, receiver.Requests.Count);
    }

    private async Task<string> DieAsync(TenantUser tenant)
    {
        var posted = await tenant.PostEventAsync();
        AdvanceTo((await tenant.WaitForAsync(posted, "FAILED")).NextAttemptAt);
        await tenant.WaitForAsync(posted, "DEAD_LETTER");
        return posted;
    }
}
