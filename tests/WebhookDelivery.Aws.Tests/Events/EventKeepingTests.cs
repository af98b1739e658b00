using WebhookDelivery.Contracts;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>Times to live, and the reads that judge retention meanwhile.</summary>
public sealed class EventKeepingTests : EventStoreRig
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(14 + 30);

    [Fact]
    public async Task Append_GivesTimeForTheLongestScheduleAndRetention()
    {
        var @event = await AppendAsync(await AddTenantAsync(), NewEndpointId());
        Assert.True(await TtlAsync(@event.TenantId, @event.Id) >= @event.CreatedAt + s_longest);
    }

    [Fact]
    public async Task Append_WithATimeToDeliver_GivesTimeFromThenOn()
    {
        var @event = NewEvent(await AddTenantAsync()) with { DeliverAt = Now.AddDays(20) };
        await AppendAsync(@event, NewEndpointId());
        Assert.True(await TtlAsync(@event.TenantId, @event.Id) >= @event.DeliverAt + s_longest);
    }

    [Fact]
    public async Task EveryWrite_OfADelivery_KeepsItLongerThanItsEvent()
    {
        var tenant = await AddTenantAsync();
        var writes = new Func<DeliveryKey, Task>[]
        {
            async key => await DeliverAsync(key),
            async key => await KillAsync(key),
            async key => await FailAsync(key, Now.AddDays(7)),
            async key => await DeliverAsync(key, number: 2),
            async key => await ParkAsync(key),
            async key => await Events.RestartAsync(key, null, null, false, Now, None),
            async key => await Events.CancelAsync(key.Endpoint, 1, ReasonCode.Cancelled, Now, None),
        };
        foreach (var write in writes)
        {
            var key = await AppendOneAsync(tenant);
            await write(key);
            Assert.True(await TtlAsync(key) > await TtlAsync(tenant, key.EventId));
        }
    }

    [Fact]
    public async Task Restart_InTheFirstDays_TouchesTheDeliveryOnly()
    {
        var key = await AppendOneAsync();
        Assert.True(await KillAsync(key));
        Time.Advance(TimeSpan.FromDays(6));
        var operations = await OperationsOfAsync(async () =>
            Assert.NotNull(await Events.RestartAsync(key, null, null, false, Now, None))
        );
        Assert.Equal(["Query", "UpdateItem"], operations);
    }

    [Fact]
    public async Task Restart_Late_KeepsTheEventAndAllItsDeliveriesLonger()
    {
        var tenant = await AddTenantAsync();
        var @event = await AppendAsync(
            NewEvent(tenant, body: new string('x', 20_000)),
            NewEndpointId(),
            NewEndpointId(),
            NewEndpointId()
        );
        var stored = await Events.FindAsync(tenant, @event.Id, None);
        var keys = stored!.Deliveries.Select(delivery => delivery.Key).ToList();
        Assert.True(await DeliverAsync(keys[0]));
        Assert.True(await DeliverAsync(keys[1]));
        Time.Advance(TimeSpan.FromDays(25));

        Assert.NotNull(await Events.RestartAsync(keys[0], null, null, false, Now, None));

        var ttl = await TtlAsync(tenant, @event.Id);
        Assert.True(ttl >= Now + s_longest);
        Assert.True(await TtlAsync(keys[0]) > ttl);
        Assert.True(await TtlAsync(keys[1]) > ttl);
        Assert.Null(await ItemAsync(keys[2]));
        Assert.NotNull(await Events.FindPayloadAsync(tenant, @event.Id, None));
    }

    [Fact]
    public async Task Resume_Late_KeepsTheEventLonger()
    {
        var key = await AppendOneAsync();
        Assert.True(await ParkAsync(key));
        Time.Advance(TimeSpan.FromDays(29));

        Assert.Single(await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None));

        Assert.True(await TtlAsync(key.TenantId, key.EventId) >= Now + s_longest);
    }

    [Fact]
    public async Task RecordAttempt_Late_KeepsTheEventForItsRetention()
    {
        var key = await AppendOneAsync();
        Time.Advance(TimeSpan.FromDays(40));
        Assert.True(await DeliverAsync(key));
        var until = Now + Options.Retention.Events;
        Assert.True(await TtlAsync(key.TenantId, key.EventId) >= until);
    }

    [Fact]
    public async Task Resume_OfWhatHasExpired_LeavesIt()
    {
        var key = await AppendOneAsync();
        Assert.True(await ParkAsync(key));
        Time.Advance(TimeSpan.FromDays(30));
        Assert.Empty(await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None));
        Assert.Equal(
            0,
            await Events.CancelAsync(key.Endpoint, 10, ReasonCode.Cancelled, Now, None)
        );
        Assert.Null(await Events.RestartAsync(key, null, null, false, Now, None));
        Assert.Null(await Events.FindAsync(key.TenantId, key.EventId, None));
    }

    [Fact]
    public async Task ListDeadLetters_OlderThanTheyAreKept_LeavesThemOut()
    {
        var key = await AppendOneAsync();
        Assert.True(await KillAsync(key));
        var query = new DeadLetterQuery { TenantId = key.TenantId, Limit = 10 };
        Time.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMilliseconds(1));
        Assert.Single((await Events.ListDeadLettersAsync(query, None)).Deliveries);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty((await Events.ListDeadLettersAsync(query, None)).Deliveries);
    }

    [Fact]
    public async Task Resume_OfADeliveryWhoseEventIsGone_DeletesIt()
    {
        var key = await AppendOneAsync();
        Assert.True(await ParkAsync(key));
        await Tables.Dynamo.DeleteItemAsync(
            Options.EventsTable,
            ItemKeys.Of(key.TenantId.Value, key.EventId),
            None
        );
        Assert.Empty(await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None));
        Assert.Null(await ItemAsync(key));
    }

    private async Task<DateTimeOffset> TtlAsync(TenantId tenant, EventId eventId) =>
        Ttl((await ItemAsync(tenant, eventId))!);

    private async Task<DateTimeOffset> TtlAsync(DeliveryKey key) => Ttl((await ItemAsync(key))!);

    private static DateTimeOffset Ttl(
        Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> item
    ) => DateTimeOffset.FromUnixTimeSeconds(item.Int64(EventsTable.Ttl));
}
