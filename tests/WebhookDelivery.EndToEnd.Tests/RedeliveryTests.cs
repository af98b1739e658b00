using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Redeliver starts a new generation, whatever became of the delivery.</summary>
public abstract class RedeliveryTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    [Fact]
    public async Task Redeliver_DeliveredEvent_IsDeliveredAgainUnderTheSameId()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "DELIVERED");

        await RedeliverAsync(acme, id);
        await acme.WaitForAttemptsAsync(id, 2);

        Assert.Equal("DELIVERED", (await acme.DeliveryAsync(id)).Status);
        Assert.Equal([(1, 1), (2, 1)], await StagesAsync(acme, id));
        Assert.Equal([id, id], receiver.Requests.Select(each => each["webhook-id"]));
    }

    [Fact]
    public async Task Redeliver_FailedDelivery_IsAttemptedAtOnceWithItsScheduleAnew()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["1m","1h"] """);
        var id = await acme.PostEventAsync();
        AdvanceTo((await acme.WaitForAsync(id, "FAILED")).NextAttemptAt);
        await acme.WaitForAttemptsAsync(id, 2);

        await RedeliverAsync(acme, id);
        var failed = await acme.WaitForAttemptsAsync(id, 3);

        Assert.Equal([(1, 1), (1, 2), (2, 1)], await StagesAsync(acme, id));
        Assert.InRange((failed.NextAttemptAt!.Value - Clock.GetUtcNow()).TotalSeconds, 53.9, 66.1);
    }

    [Fact]
    public async Task Redeliver_DeadLetter_IsDelivered()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "DEAD_LETTER");

        await RedeliverAsync(acme, id);

        await acme.WaitForAsync(id, "DELIVERED");
        Assert.Equal([(1, 1), (2, 1)], await StagesAsync(acme, id));
    }

    [Fact]
    public async Task Redeliver_ParkedDelivery_StaysParkedUntilItsEndpointIsEnabled()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "disabled":true """);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "PARKED");

        await RedeliverAsync(acme, id);
        await acme.WaitForAsync(id, "PARKED");
        Assert.Empty(receiver.Requests);
        await acme.SetDisabledAsync(endpoint, false);

        await acme.WaitForAsync(id, "DELIVERED");
        Assert.Equal([(2, 1)], await StagesAsync(acme, id));
    }

    [Fact]
    public async Task Redeliver_AttemptUnderWay_TheStaleOutcomeIsRecordedAndMovesNothing()
    {
        var gate = new TaskCompletionSource<string>();
        var receiver = AddReceiver();
        receiver.Answer = request =>
            receiver.Requests.Count == 1 ? gate.Task : Task.FromResult(WireReceiver.Ok);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var id = await acme.PostEventAsync();
        await Eventually.IsAsync(1, () => receiver.Requests.Count);
        Assert.Equal("PENDING", (await acme.DeliveryAsync(id)).Status);

        await RedeliverAsync(acme, id);
        gate.SetResult(WireReceiver.Status(500));
        await Eventually.IsAsync(2, async () => (await acme.AttemptsAsync(id)).Count);

        // Listed, but not counted: it is no part of what the delivery went through.
        var delivery = await acme.WaitForAsync(id, "DELIVERED");
        Assert.Equal((1, "delivered"), (delivery.Attempts, delivery.LastReason));
        Assert.Equal([(1, 1), (2, 1)], await StagesAsync(acme, id));
    }

    [Fact]
    public async Task Redeliver_CancelledDelivery_HasNowhereToGo()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "FAILED");
        (await acme.DeleteAsync(endpoint.Path)).Expect(204);
        await acme.WaitForAsync(id, "CANCELLED");

        var answer = await acme.PostAsync($"/v1/events/{id}/redeliver");

        Assert.Equal("nothing_to_deliver", answer.Expect(409)["code"]);
        Assert.Equal("CANCELLED", (await acme.DeliveryAsync(id)).Status);
    }

    [Fact]
    public async Task Redeliver_OneEndpoint_LeavesTheOthersAlone()
    {
        var (one, other) = (AddReceiver(), AddReceiver());
        var acme = await AddTenantAsync();
        var first = await acme.AddEndpointAsync(one.Url);
        var second = await acme.AddEndpointAsync(other.Url);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, first, "DELIVERED");
        await acme.WaitForAsync(id, second, "DELIVERED");

        var answer = await acme.PostAsync(
            $"/v1/events/{id}/redeliver",
            $$"""{"endpoint_id":"{{second.Id}}"}"""
        );
        await Eventually.IsAsync(2, async () => (await acme.DeliveryAsync(id, second)).Attempts);

        Assert.Equal($"[\"{second.Id}\"]", answer.Expect(202)["endpoint_ids"]);
        Assert.Single(one.Requests);
        Assert.Equal(1, (await acme.DeliveryAsync(id, first)).Attempts);
    }

    private static async Task RedeliverAsync(TenantUser tenant, string id) =>
        (await tenant.PostAsync($"/v1/events/{id}/redeliver")).Expect(202);

    private static async Task<IEnumerable<(int Generation, int Number)>> StagesAsync(
        TenantUser tenant,
        string id
    ) => (await tenant.AttemptsAsync(id)).Select(each => (each.Generation, each.Number)).Order();
}
