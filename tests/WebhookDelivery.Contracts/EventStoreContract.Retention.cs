using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

public abstract partial class EventStoreContract
{
    /// <summary>
    /// False where the store expires by itself: reads leave out what is due to go, and deleting has
    /// nothing to count.
    /// </summary>
    protected virtual bool DeletesExpired => true;

    [Fact]
    public async Task DeleteExpired_OfWhatIsFinished_CountsFromItsLastChange()
    {
        var delivered = await AppendOneAsync();
        Time.Advance(TimeSpan.FromDays(10));
        Assert.True(await DeliverAsync(delivered));

        Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMilliseconds(1));
        await DeleteAllExpiredAsync();
        Assert.NotNull(await Events.FindAsync(delivered.TenantId, delivered.EventId, None));

        Time.Advance(TimeSpan.FromHours(2));
        await DeleteAllExpiredAsync();
        Assert.Null(await Events.FindAsync(delivered.TenantId, delivered.EventId, None));
        Assert.Null(await Events.FindPayloadAsync(delivered.TenantId, delivered.EventId, None));
        Assert.Empty(await Events.ListAttemptsAsync(delivered.TenantId, delivered.EventId, None));
    }

    [Fact]
    public async Task DeleteExpired_OfDeadLetters_ComesEarlier()
    {
        var tenant = await AddTenantAsync();
        var dead = await AppendOneAsync(tenant);
        Assert.True(await KillAsync(dead));
        var mixed = await AppendAsync(tenant, NewEndpointId(), NewEndpointId());
        var deliveries = (await Events.FindAsync(tenant, mixed.Id, None))!.Deliveries;
        Assert.True(await KillAsync(deliveries[0].Key));
        Assert.True(await DeliverAsync(deliveries[1].Key));

        Time.Advance(TimeSpan.FromDays(14));
        await DeleteAllExpiredAsync();
        Assert.Null(await Events.FindAsync(tenant, dead.EventId, None));
        Assert.NotNull(await Events.FindAsync(tenant, mixed.Id, None));

        Time.Advance(TimeSpan.FromDays(16));
        await DeleteAllExpiredAsync();
        Assert.Null(await Events.FindAsync(tenant, mixed.Id, None));
        Assert.Empty(await ListAllAsync(new DeadLetterQuery { TenantId = tenant, Limit = 10 }));
    }

    [Fact]
    public async Task DeleteExpired_OfWhatIsOpen_NeverHappens()
    {
        var pending = await AppendOneAsync();
        var failed = await AppendOneAsync();
        Assert.True(await FailAsync(failed, Now.AddMinutes(1)));
        var parked = await AppendOneAsync();
        Assert.True(await ParkAsync(parked));
        Time.Advance(TimeSpan.FromDays(365));
        await DeleteAllExpiredAsync();
        Assert.NotNull(await Events.FindAsync(pending.TenantId, pending.EventId, None));
        Assert.NotNull(await Events.FindAsync(failed.TenantId, failed.EventId, None));
        Assert.Null(await Events.FindAsync(parked.TenantId, parked.EventId, None));
    }

    [Fact]
    public async Task DeleteExpired_InSteps_DeletesNoMoreThanTheLimit()
    {
        var tenant = await AddTenantAsync();
        for (var i = 0; i < 7; i++)
        {
            await AppendAsync(tenant);
        }

        var open = await AppendOneAsync(tenant);
        Time.Advance(TimeSpan.FromDays(31));
        var left = 8;
        while (await Events.DeleteExpiredAsync(Retention.Default, Now, 3, None) is > 0)
        {
            var now = (await ListAsync(tenant)).Events.Count;
            Assert.InRange(left - now, 0, 3);
            left = now;
        }

        Assert.Equal(open.EventId, Assert.Single((await ListAsync(tenant)).Events).Event.Id);
    }

    [Fact]
    public async Task DeleteExpired_OfKeys_LetsThemStandForSomethingElse()
    {
        var tenant = await AddTenantAsync();
        await AppendAndSettleAsync(new EventAppend(NewEvent(tenant), [], NewClaim()));
        Time.Advance(TimeSpan.FromHours(25));
        var deleted = await Events.DeleteExpiredAsync(Retention.Default, Now, 1000, None);
        Assert.Equal(DeletesExpired, deleted >= 1);
        await DeleteAllExpiredAsync();
        Assert.Single((await ListAsync(tenant)).Events);
        Assert.IsType<AppendResult.Appended>(
            await AppendAndSettleAsync(
                new EventAppend(NewEvent(tenant), [], NewClaim(body: "other"))
            )
        );
    }

    [Fact]
    public async Task Erase_ATenant_DeletesEverythingInPiecesAndNothingElse()
    {
        var tenant = await AddTenantAsync();
        var other = await AppendOneAsync();
        Assert.True(await KillAsync(other));
        var open = await AppendOneAsync(tenant);
        var dead = await AppendOneAsync(tenant);
        Assert.True(await KillAsync(dead));
        await AppendAndSettleAsync(new EventAppend(NewEvent(tenant), [], NewClaim()));

        var steps = 0;
        while (await Events.EraseAsync(tenant, 2, None) is > 0 and var erased)
        {
            Assert.InRange(erased, 1, 2);
            Assert.InRange(++steps, 1, 10);
        }

        Assert.Empty((await ListAsync(tenant)).Events);
        Assert.Null(await Events.FindAsync(tenant, open.EventId, None));
        Assert.Empty(await Events.ListAttemptsAsync(tenant, dead.EventId, None));
        Assert.Empty(await ListAllAsync(new DeadLetterQuery { TenantId = tenant, Limit = 10 }));
        Assert.IsType<AppendResult.Appended>(
            await Events.AppendAsync(
                new EventAppend(NewEvent(tenant), [], NewClaim(body: "x")),
                None
            )
        );
        Assert.NotNull(await Events.FindAsync(other.TenantId, other.EventId, None));
        Assert.Single(await Events.ListAttemptsAsync(other.TenantId, other.EventId, None));
    }

    [Fact]
    public async Task Erase_WhereAnotherTenantHasTheSameEventId_LeavesThatAlone()
    {
        var mine = await AppendOneAsync();
        var other = await AddTenantAsync();
        var endpoint = NewEndpointId();
        await AppendAsync(NewEvent(other, body: "theirs") with { Id = mine.EventId }, endpoint);
        var theirs = new DeliveryKey(other, mine.EventId, endpoint);
        Assert.True(await KillAsync(theirs));
        Assert.True(await KillAsync(mine));

        while (await Events.EraseAsync(mine.TenantId, 10, None) > 0) { }

        Assert.Null(await Events.FindAsync(mine.TenantId, mine.EventId, None));
        var stored = await Events.FindAsync(other, mine.EventId, None);
        Assert.Equal("theirs", Text(stored!.Event.Payload));
        Assert.Equal(theirs, Assert.Single(stored.Deliveries).Key);
        Assert.Single(await Events.ListAttemptsAsync(other, mine.EventId, None));
    }

    [Fact]
    public async Task RecordAttempt_OfAnErasedEvent_BringsNothingBack()
    {
        var key = await AppendOneAsync();
        while (await Events.EraseAsync(key.TenantId, 10, None) > 0) { }
        await DeliverAsync(key);
        Assert.Null(await Events.RestartAsync(key, null, null, false, Now, None));
        Assert.Null(await Events.FindAsync(key.TenantId, key.EventId, None));
        Assert.Empty(await Events.ListAttemptsAsync(key.TenantId, key.EventId, None));
    }

    private async Task DeleteAllExpiredAsync()
    {
        while (await Events.DeleteExpiredAsync(Retention.Default, Now, 100, None) > 0) { }
    }
}
