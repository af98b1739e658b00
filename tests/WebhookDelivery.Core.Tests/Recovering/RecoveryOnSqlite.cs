namespace WebhookDelivery.Core.Tests;

/// <summary>A tenant with one endpoint, a backlog, and what recoveries need to go on.</summary>
internal sealed class RecoveryOnSqlite : IAsyncDisposable
{
    private FaultyEventStore? _store;

    private RecoveryOnSqlite(DeliveryOptions? delivery) =>
        Core = new CoreOnSqlite(delivery, wrap: inner => _store = new FaultyEventStore(inner));

    public CoreOnSqlite Core { get; }

    public FaultyEventStore Store => _store!;

    public EndpointKey Endpoint { get; private set; }

    public RecoveryAdministration Recoveries => Core.Get<RecoveryAdministration>();

    public static async Task<RecoveryOnSqlite> CreateAsync(
        EndpointDraft? endpoint = null,
        DeliveryOptions? delivery = null
    )
    {
        var made = new RecoveryOnSqlite(delivery);
        var draft = endpoint ?? new EndpointDraft { Url = "https://acme.example/hook" };
        var added = await made.Core.AddTenantAsync(
            endpoint: draft with
            {
                RetrySchedule = RetrySchedule.Create([], out _),
            }
        );
        made.Endpoint = added.Key;
        return made;
    }

    /// <summary>Posts events, each a millisecond after the last.</summary>
    public async Task<List<EventId>> PostAsync(int count)
    {
        var ids = new List<EventId>();
        for (var i = 0; i < count; i++)
        {
            Core.Time.Advance(TimeSpan.FromMilliseconds(1));
            ids.Add(await Core.PostAsync());
        }

        return ids;
    }

    /// <summary>Posts events that become dead letters.</summary>
    public async Task<List<EventId>> KillAsync(int count)
    {
        Core.Sender.Always(500);
        var ids = await PostAsync(count);
        await DeliverAsync(count);
        Core.Sender.Always(200);
        return ids;
    }

    /// <summary>Makes the attempts of so many deliveries that are due.</summary>
    public async Task DeliverAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Core.RunNextAsync();
        }
    }

    public async Task<Recovery> StartAsync(
        RecoveryKind kind = RecoveryKind.Recover,
        params DeliveryStatus[] statuses
    )
    {
        var start = await Recoveries.StartAsync(
            Endpoint,
            kind,
            Filter(statuses),
            CoreOnSqlite.Cancellation
        );
        return Assert.IsType<RecoveryStart.Started>(start).Recovery;
    }

    public async Task<long> CountAsync(RecoveryKind kind, params DeliveryStatus[] statuses)
    {
        var count = await Recoveries.CountAsync(
            Endpoint,
            kind,
            Filter(statuses),
            CoreOnSqlite.Cancellation
        );
        Assert.True(count!.Value.IsComplete);
        return count.Value.Matched;
    }

    /// <summary>Goes on with what is due now.</summary>
    public async Task<RecoveryRound> GoOnAsync() =>
        await Core.Get<RecoveryRunner>()
            .RunOnceAsync(TimeSpan.FromSeconds(1), CoreOnSqlite.Cancellation);

    /// <summary>Goes on until a recovery has ended, delivering whatever it starts.</summary>
    public async Task<Recovery> FinishAsync(Recovery recovery)
    {
        for (var i = 0; i < 100; i++)
        {
            var round = await GoOnAsync();
            Core.Time.Advance(TimeSpan.FromSeconds(1));
            await DeliverAsync(round.Moved + round.Resumed);
            if (await FindAsync(recovery) is { FinishedAt: not null } ended)
            {
                return ended;
            }
        }

        throw new TimeoutException("It does not end.");
    }

    public async Task<Recovery> FindAsync(Recovery recovery) =>
        (await Recoveries.FindAsync(Endpoint, recovery.Id, CoreOnSqlite.Cancellation))!;

    public async Task<List<Delivery>> DeliveriesAsync(IEnumerable<EventId> ids)
    {
        var found = new List<Delivery>();
        foreach (var id in ids)
        {
            found.Add(await Core.DeliveryOfAsync(id));
        }

        return found;
    }

    public ValueTask DisposeAsync() => Core.DisposeAsync();

    private RecoveryFilter Filter(DeliveryStatus[] statuses) =>
        new() { Since = Core.Time.GetUtcNow().AddDays(-1), Statuses = statuses.ToHashSet() };
}
