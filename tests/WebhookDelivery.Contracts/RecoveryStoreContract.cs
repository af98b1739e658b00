using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>What every <see cref="IRecoveryStore"/> keeps.</summary>
public abstract class RecoveryStoreContract : PortContract
{
    private readonly RandomIdSource _ids = new();

    [Fact]
    public async Task Add_WithEverythingThatThereIs_IsReadAsItWasWritten()
    {
        var recovery = NewRecovery() with
        {
            Kind = RecoveryKind.Recover,
            Filter = new RecoveryFilter
            {
                Since = Now.AddDays(-2),
                Until = Now,
                Statuses = new HashSet<DeliveryStatus>
                {
                    DeliveryStatus.Failed,
                    DeliveryStatus.DeadLetter,
                },
                EventTypes = EventTypeFilter.Parse(["order.*", "invoice.paid"], out _)!,
                Reasons = new HashSet<ReasonCode> { ReasonCode.Timeout, ReasonCode.Poison },
            },
            Cursor = NewEventId(),
            Plan = [.. Enumerable.Range(1, 200).Select(i => new PlannedDelivery(NewEventId(), i))],
            Counts = new(5_000_000_000, 4_999_999_990, 7, 3),
            Pace = new DrainPace(37.5, 3, IsResting: true),
            Probes = [new(NewEventId(), 2, 0, Now.AddSeconds(1)), new(NewEventId(), 9, 3, Now)],
            IsStopping = true,
            NextAt = Now.AddMinutes(1),
        };

        Assert.True(await Recoveries.AddAsync(recovery, None));

        AssertSame(recovery, await FindAsync(recovery));
    }

    [Fact]
    public async Task Add_OfOneThatIsThere_ChangesNothing()
    {
        var recovery = await AddAsync();
        Assert.False(await Recoveries.AddAsync(recovery with { Kind = RecoveryKind.Cancel }, None));
        AssertSame(recovery, await FindAsync(recovery));
    }

    [Fact]
    public async Task Save_OnTopOfWhatIsStored_ReplacesIt()
    {
        var recovery = await AddAsync();
        var next = recovery with
        {
            Version = 2,
            Counts = new(1, 1, 0, 0),
            NextAt = Now.AddMinutes(2),
        };
        Assert.True(await Recoveries.SaveAsync(next, None));
        AssertSame(next, await FindAsync(recovery));
    }

    [Fact]
    public async Task Save_OnTopOfSomethingElse_ChangesNothing()
    {
        var recovery = await AddAsync();
        Assert.False(await Recoveries.SaveAsync(recovery, None));
        Assert.False(await Recoveries.SaveAsync(recovery with { Version = 3 }, None));
        Assert.False(await Recoveries.SaveAsync(NewRecovery() with { Version = 2 }, None));
        AssertSame(recovery, await FindAsync(recovery));
    }

    [Fact]
    public async Task Save_ByTwoAtOnce_LetsOneHaveIt()
    {
        var recovery = await AddAsync();
        var saved = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(async () =>
                        await Recoveries.SaveAsync(
                            recovery with
                            {
                                Version = 2,
                                Counts = new(i, 0, 0, 0),
                            },
                            None
                        )
                    )
                )
        );
        Assert.Single(saved, true);
    }

    [Fact]
    public async Task Find_UnderAnotherEndpointOrTenant_FindsNothing()
    {
        var recovery = await AddAsync();
        var other = new EndpointKey(recovery.Endpoint.TenantId, NewEndpointId());
        var foreign = new EndpointKey(NewTenantId(), recovery.Endpoint.EndpointId);
        Assert.Null(await Recoveries.FindAsync(other, recovery.Id, None));
        Assert.Null(await Recoveries.FindAsync(foreign, recovery.Id, None));
        Assert.Empty(await Recoveries.ListAsync(other, null, 10, None));
        Assert.Empty(await Recoveries.ListAsync(foreign, null, 10, None));
    }

    [Fact]
    public async Task List_InPages_IsNewestFirst()
    {
        var endpoint = NewRecovery().Endpoint;
        var added = new List<Recovery>();
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            added.Add(await AddAsync(endpoint));
        }

        var first = await Recoveries.ListAsync(endpoint, null, 3, None);
        var rest = await Recoveries.ListAsync(endpoint, first[^1].Id, 3, None);

        Assert.Equal(3, first.Count);
        Assert.Equal(
            added.Select(each => each.Id).Reverse(),
            first.Concat(rest).Select(each => each.Id)
        );
    }

    [Fact]
    public async Task ListRunning_HasThoseThatRunByWhenTheyGoOn()
    {
        var later = await AddAsync(at: Now.AddMinutes(2));
        var sooner = await AddAsync(at: Now.AddMinutes(1));
        var over = await AddAsync(at: Now);
        Assert.True(await FinishAsync(over, Now));

        Assert.Equal([sooner.Id, later.Id], await RunningAsync());
        Assert.True(
            await Recoveries.SaveAsync(sooner with { Version = 2, NextAt = Now.AddHours(1) }, None)
        );
        Assert.Equal([later.Id, sooner.Id], await RunningAsync());
        Assert.Equal([later.Id], await RunningAsync(limit: 1));
    }

    [Fact]
    public async Task Delete_OfOne_LeavesTheOthers()
    {
        var (gone, kept) = (await AddAsync(), await AddAsync());
        await Recoveries.DeleteAsync(gone.Endpoint, gone.Id, None);
        await Recoveries.DeleteAsync(gone.Endpoint, gone.Id, None);
        Assert.Null(await FindAsync(gone));
        Assert.Equal([kept.Id], await RunningAsync());
    }

    [Fact]
    public async Task DeleteFinished_OfLongAgo_LeavesWhatRunsAndWhatEndedSince()
    {
        var (old, older, fresh, running) = (
            await AddAsync(),
            await AddAsync(),
            await AddAsync(),
            await AddAsync(at: Now.AddDays(-60))
        );
        Assert.True(await FinishAsync(older, Now.AddDays(-50)));
        Assert.True(await FinishAsync(old, Now.AddDays(-40)));
        Assert.True(await FinishAsync(fresh, Now.AddDays(-30)));

        Assert.Equal(1, await Recoveries.DeleteFinishedAsync(Now.AddDays(-30), 1, None));
        Assert.Null(await FindAsync(older));
        Assert.NotNull(await FindAsync(old));
        Assert.Equal(1, await Recoveries.DeleteFinishedAsync(Now.AddDays(-30), 10, None));
        Assert.Equal(0, await Recoveries.DeleteFinishedAsync(Now.AddDays(-30), 10, None));
        Assert.Null(await FindAsync(old));
        Assert.NotNull(await FindAsync(fresh));
        Assert.NotNull(await FindAsync(running));
    }

    [Fact]
    public async Task Remove_OfTheTenant_TakesItsRecoveriesAlong()
    {
        var (tenant, other) = (NewTenant(), await AddAsync());
        Assert.True(await Tenants.CreateAsync(tenant, NewKey(tenant.Id), null, None));
        var running = await AddAsync(new EndpointKey(tenant.Id, NewEndpointId()));
        var over = await AddAsync(new EndpointKey(tenant.Id, NewEndpointId()));
        Assert.True(await FinishAsync(over, Now));
        Assert.True(await Tenants.SaveAsync(tenant with { Version = 2, DeletedAt = Now }, None));

        await Tenants.RemoveAsync(tenant.Id, None);

        Assert.Null(await FindAsync(running));
        Assert.Null(await FindAsync(over));
        Assert.Equal([other.Id], await RunningAsync());
        Assert.Equal(0, await Recoveries.DeleteFinishedAsync(Now.AddDays(1), 10, None));
        Assert.False(await Recoveries.SaveAsync(running with { Version = 2 }, None));
    }

    private Recovery NewRecovery(EndpointKey? endpoint = null, DateTimeOffset? at = null) =>
        new()
        {
            Id = new RecoveryId(_ids.NewId(Now)),
            Endpoint = endpoint ?? new EndpointKey(NewTenantId(), NewEndpointId()),
            Version = 1,
            Kind = RecoveryKind.Replay,
            Filter = new RecoveryFilter(),
            NextAt = at ?? Now,
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    private async Task<Recovery> AddAsync(EndpointKey? endpoint = null, DateTimeOffset? at = null)
    {
        var recovery = NewRecovery(endpoint, at);
        Assert.True(await Recoveries.AddAsync(recovery, None));
        return recovery;
    }

    private ValueTask<bool> FinishAsync(Recovery recovery, DateTimeOffset at) =>
        Recoveries.SaveAsync(
            recovery with
            {
                Version = recovery.Version + 1,
                Status = RecoveryStatus.Done,
                FinishedAt = at,
            },
            None
        );

    private ValueTask<Recovery?> FindAsync(Recovery recovery) =>
        Recoveries.FindAsync(recovery.Endpoint, recovery.Id, None);

    private async Task<IEnumerable<RecoveryId>> RunningAsync(int limit = 100) =>
        (await Recoveries.ListRunningAsync(limit, None)).Select(each => each.Id);

    /// <summary>Part by part: two lists, or sets, of the same members are not equal.</summary>
    private static void AssertSame(Recovery expected, Recovery? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Plan, actual.Plan);
        Assert.Equal(expected.Probes, actual.Probes);
        Assert.Equal(expected.Filter.Statuses, actual.Filter.Statuses);
        Assert.Equal(expected.Filter.Reasons, actual.Filter.Reasons);
        Assert.Equal(
            expected with
            {
                Plan = [],
                Probes = [],
            },
            actual with
            {
                Plan = [],
                Probes = [],
                Filter = expected.Filter,
            }
        );
        Assert.Equal(
            (expected.Filter.Since, expected.Filter.Until, expected.Filter.EventTypes),
            (actual.Filter.Since, actual.Filter.Until, actual.Filter.EventTypes)
        );
    }
}
