using Microsoft.Extensions.Logging.Abstractions;

namespace WebhookDelivery.Core.Tests;

public sealed class SweeperTests
{
    [Fact]
    public async Task Sweep_OfADeletedTenantThatOthersMayHold_LetsItsIdGoLater()
    {
        await using var core = new CoreOnSqlite(cacheFor: TimeSpan.FromSeconds(10));
        await core.AddTenantAsync();
        var tenants = core.Get<ITenantStore>();
        var sweeper = core.Get<Sweeper>();
        Assert.True(
            await core.Get<TenantAdministration>()
                .DeleteAsync(CoreOnSqlite.Acme, CoreOnSqlite.Cancellation)
        );
        async Task<bool> IsThereAsync() =>
            await tenants.LoadAsync(CoreOnSqlite.Acme, CoreOnSqlite.Cancellation) is not null;

        await sweeper.SweepAsync(CoreOnSqlite.Cancellation);
        Assert.True(await IsThereAsync());
        core.Time.Advance(core.Get<SweeperOptions>().RemovalDelay);
        await sweeper.SweepAsync(CoreOnSqlite.Cancellation);
        Assert.False(await IsThereAsync());
    }

    [Fact]
    public async Task Sweep_AStepThatFails_IsCountedAndTheOthersAreMade()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        await core.PostAsync();
        await core.RunNextAsync();
        core.Time.Advance(TimeSpan.FromDays(31));
        var sweeping = NewSweeper(core, asItWas: null).SweepAsync(CoreOnSqlite.Cancellation);
        while (!sweeping.IsCompleted)
        {
            core.Time.Advance(core.Get<SweeperOptions>().ExpiryPause);
            await Task.Yield();
        }

        Assert.Equal(new SweepResult { Failed = 1, Expired = 1 }, await sweeping);
    }

    [Fact]
    public async Task Sweep_ATenantThatIsListedAsDeletedButIsThereAgain_ErasesNothing()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        var tenants = core.Get<ITenantStore>();
        var alive = (await tenants.LoadAsync(CoreOnSqlite.Acme, CoreOnSqlite.Cancellation))!.Tenant;
        var sweeper = NewSweeper(core, alive with { DeletedAt = core.Time.GetUtcNow() });

        Assert.Equal(0, (await sweeper.SweepAsync(CoreOnSqlite.Cancellation)).Erased);

        Assert.Equal(id, (await core.DeliveryOfAsync(id)).Key.EventId);
    }

    [Fact]
    public async Task Sweep_EndpointDeleted_CancelsItsBacklogAndClearsTheAction()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        var ids = new List<EventId>();
        for (var i = 0; i < 1200; i++)
        {
            ids.Add(await core.PostAsync());
        }

        await core.Endpoints.DeleteAsync(endpoint.Key, CoreOnSqlite.Cancellation);
        var sweeper = core.Get<Sweeper>();
        Assert.Equal(1200, (await sweeper.SweepAsync(CoreOnSqlite.Cancellation)).Cancelled);
        Assert.Equal(DeliveryStatus.Cancelled, (await core.DeliveryOfAsync(ids[0])).Status);

        // A process may still act on what it had cached: the action is looked at again until then.
        Assert.NotEmpty(await OwedAsync(core));
        core.Time.Advance(TimeSpan.FromMinutes(1));
        await sweeper.SweepAsync(CoreOnSqlite.Cancellation);
        Assert.Empty(await OwedAsync(core));
    }

    [Fact]
    public async Task Sweep_EndpointThatOwesTwoThings_DoesBothInOneRound()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        var owing = endpoint with
        {
            Version = endpoint.Version + 1,
            BacklogAction = BacklogAction.Announce | BacklogAction.Resume,
        };
        await core.Get<ITenantStore>().SaveEndpointAsync(owing, CoreOnSqlite.Cancellation);

        await core.Get<Sweeper>().SweepAsync(CoreOnSqlite.Cancellation);

        Assert.Equal(BacklogAction.Resume, Assert.Single(await OwedAsync(core)).BacklogAction);
        Assert.Single(
            await core.Get<RecoveryAdministration>()
                .ListAsync(endpoint.Key, null, 10, CoreOnSqlite.Cancellation)
        );
    }

    [Fact]
    public async Task Sweep_TenantDeleted_ErasesEverythingAndFreesTheId()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        await core.Get<TenantAdministration>()
            .DeleteAsync(CoreOnSqlite.Acme, CoreOnSqlite.Cancellation);
        Assert.Null(
            await core.Get<TenantDirectory>()
                .FindAsync(CoreOnSqlite.Acme, CoreOnSqlite.Cancellation)
        );

        var swept = await core.Get<Sweeper>().SweepAsync(CoreOnSqlite.Cancellation);
        Assert.Equal(1, swept.Erased);
        Assert.Null(await core.Store.FindAsync(CoreOnSqlite.Acme, id, CoreOnSqlite.Cancellation));
        core.Time.Advance(core.Get<SweeperOptions>().BacklogGrace);
        await core.Get<Sweeper>().SweepAsync(CoreOnSqlite.Cancellation);
        await core.AddTenantAsync();
    }

    [Fact]
    public async Task Sweep_FinishedFor30Days_ExpiresButNeverWhatIsOpen()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var done = await core.PostAsync();
        await core.RunNextAsync();
        var open = await core.PostAsync();
        var sweeper = core.Get<Sweeper>();

        core.Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        await sweeper.SweepAsync(CoreOnSqlite.Cancellation);
        Assert.NotNull(
            await core.Store.FindAsync(CoreOnSqlite.Acme, done, CoreOnSqlite.Cancellation)
        );

        core.Time.Advance(TimeSpan.FromMinutes(2));
        var sweep = sweeper.SweepAsync(CoreOnSqlite.Cancellation);
        while (!sweep.IsCompleted)
        {
            // The sweeper rests between two steps; time must pass for it to go on.
            core.Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        Assert.Equal(1, (await sweep).Expired);
        Assert.Null(await core.Store.FindAsync(CoreOnSqlite.Acme, done, CoreOnSqlite.Cancellation));
        Assert.NotNull(
            await core.Store.FindAsync(CoreOnSqlite.Acme, open, CoreOnSqlite.Cancellation)
        );
    }

    [Fact]
    public async Task Sweep_NothingToDo_DoesNothing()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        Assert.Equal(
            new SweepResult(),
            await core.Get<Sweeper>().SweepAsync(CoreOnSqlite.Cancellation)
        );
    }

    private static ValueTask<IReadOnlyList<Endpoint>> OwedAsync(CoreOnSqlite core) =>
        core.Get<ITenantStore>().ListBacklogActionsAsync(10, CoreOnSqlite.Cancellation);

    /// <summary>A sweeper whose list of tenants is old news, or fails.</summary>
    private static Sweeper NewSweeper(CoreOnSqlite core, Tenant? asItWas) =>
        new(
            new UnreliableTenantList(core.Get<ITenantStore>(), asItWas),
            core.Get<TenantDirectoryOptions>(),
            core.Endpoints,
            core.Store,
            core.Queue,
            core.Get<RecoveryRunner>(),
            core.Get<OperationalEvents>(),
            core.Get<BacklogSignal>(),
            core.Get<DeliveryStatistics>(),
            core.Time,
            core.Get<SweeperOptions>(),
            NullLogger<Sweeper>.Instance
        );
}
