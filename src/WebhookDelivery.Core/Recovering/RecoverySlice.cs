namespace WebhookDelivery.Core;

/// <summary>
/// One slice of one recovery, by whoever gets its lease. What is to be moved is written down first; then
/// it is moved; and what came of it is written down with the next plan. So whatever a crash leaves is
/// either not begun, or known to be in doubt: each delivery of a plan is then moved if it still is as it
/// was found, and otherwise looked at. Not thread-safe; used once.
/// </summary>
internal sealed class RecoverySlice(
    RecoveryServices services,
    Recovery recovery,
    TimeSpan length,
    int sharers
)
{
    /// <summary>Moved together, so that they share commits.</summary>
    private const int Together = 32;

    /// <summary>What of an endpoint's rate limit is for drains; the rest is for live events.</summary>
    private const double ShareOfLimit = 0.8;

    /// <summary>
    /// How much of a slice's length may go by without a find, 100 ms of a second's: then others have their
    /// turn, and the recovery goes on behind them.
    /// </summary>
    private const double ShareOfWalk = 0.1;

    /// <summary>The longest that a slice is worked on, be what it is for ever so long.</summary>
    private static readonly TimeSpan s_workMax = TimeSpan.FromSeconds(20);

    private readonly SliceProbes _probes = new(services, recovery.Endpoint);
    private readonly long _beganTimestamp = services.Time.GetTimestamp();
    private readonly RecoveryProgress _progress = new(services, recovery);

    /// <summary>Not before the slice's own time, for which it may be a little early.</summary>
    private DateTimeOffset _nextDueAt = recovery.NextAt;
    private int _handled;

    /// <summary>Deliveries that it moved.</summary>
    public int Moved { get; private set; }

    /// <inheritdoc cref="RecoveryProgress.NextAt"/>
    public DateTimeOffset? NextAt => _progress.NextAt;

    private Recovery Current
    {
        get => _progress.Current;
        set => _progress.Current = value;
    }

    private DateTimeOffset Now => services.Time.GetUtcNow();

    /// <summary>Makes the slice.</summary>
    /// <exception cref="StoreUnavailableException">The next one goes on from what is stored.</exception>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var endpoint = await services.Tenants.FindEndpointAsync(
            Current.Endpoint,
            cancellationToken
        );
        if (endpoint is null or { DeletedAt: not null })
        {
            await _progress.EndAsync(RecoveryStatus.Cancelled, cancellationToken);
            return;
        }

        // What it starts would only be parked. Who asked to stop it waits for its counts, though.
        var isWaiting =
            endpoint.Disabled && Current is { Kind: not RecoveryKind.Cancel, IsStopping: false };
        if (Current.Plan.Count > 0 && !isWaiting && !await RepeatAsync(cancellationToken))
        {
            return;
        }

        if (Current.IsStopping)
        {
            await _progress.EndAsync(RecoveryStatus.Cancelled, cancellationToken);
        }
        else if (Current.Kind == RecoveryKind.Cancel)
        {
            await MoveAsync(endpoint, int.MaxValue, TimeSpan.Zero, cancellationToken);
        }
        else if (!endpoint.Disabled)
        {
            await DrainAsync(endpoint, cancellationToken);
        }
        else if (Current.Kind == RecoveryKind.Resume)
        {
            // Enabling it anew begins another one.
            await _progress.EndAsync(RecoveryStatus.Done, cancellationToken);
        }
        else
        {
            await _progress.PauseAsync(
                Now + services.Options.DisabledPause,
                Current.Probes,
                cancellationToken
            );
        }
    }

    /// <summary>Goes on with what a crash left in doubt. False if somebody else has it.</summary>
    private async ValueTask<bool> RepeatAsync(CancellationToken cancellationToken)
    {
        if (!await _progress.LeaseAsync(cancellationToken))
        {
            return false;
        }

        await CarryOutAsync(TimeSpan.Zero, isRepeated: true, cancellationToken);
        return true;
    }

    private async ValueTask DrainAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        var ceiling =
            (
                endpoint.RateLimitPerSecond is { } limit
                    ? limit * ShareOfLimit
                    : services.Delivery.DrainRatePerSecond
            ) / sharers;
        var decision = Current.Pace.Decide(
            await _probes.AskAsync(Current.Probes, cancellationToken),
            services.Sender.PostponedUntil(endpoint.Key, Now) is not null,
            ceiling
        );
        Current = Current with { Pace = decision.Pace };
        if (decision is DrainDecision.Rest { For: var rest })
        {
            RecoveryLog.Resting(
                services.Logger,
                Current.Id.ToString(),
                endpoint.Key.EndpointId.ToString(),
                rest.TotalSeconds
            );
            await _progress.PauseAsync(Now + rest, Current.Probes, cancellationToken);
            return;
        }

        var perSecond = decision.Pace.PerSecond;
        var most =
            decision is DrainDecision.Try
                ? DrainPace.ProbesMax
                : (int)Math.Max(1, Math.Min(perSecond * length.TotalSeconds, int.MaxValue));
        var interval = TimeSpan.FromSeconds(1 / perSecond);
        if (Current.Kind == RecoveryKind.Resume)
        {
            await ResumeAsync(endpoint, most, interval, cancellationToken);
        }
        else
        {
            await MoveAsync(endpoint, most, interval, cancellationToken);
        }
    }

    /// <summary>Plans, writes down and moves, batch after batch.</summary>
    private async ValueTask MoveAsync(
        Endpoint endpoint,
        int most,
        TimeSpan interval,
        CancellationToken cancellationToken
    )
    {
        var work = services.WorkOf(Current.Kind);
        var walkBegan = services.Time.GetTimestamp();
        while (
            services.Time.GetElapsedTime(walkBegan) < length * ShareOfWalk
            && BatchOf(most) is var max and > 0
        )
        {
            var page = await work.ListAsync(
                endpoint,
                Current.Filter,
                Current.Cursor,
                max,
                cancellationToken
            );
            Current = Current with
            {
                Cursor = page.Next ?? (page.Found.Count > 0 ? page.Found[^1].EventId : null),
                Plan = page.Found,
            };
            if (page.Found.Count > 0)
            {
                if (!await _progress.LeaseAsync(cancellationToken))
                {
                    return;
                }

                await CarryOutAsync(interval, isRepeated: false, cancellationToken);
                walkBegan = services.Time.GetTimestamp();
            }

            if (page.Next is null || Current.IsStopping)
            {
                await _progress.EndAsync(
                    page.Next is null ? RecoveryStatus.Done : RecoveryStatus.Cancelled,
                    cancellationToken
                );
                return;
            }
        }

        await PauseAsync(cancellationToken);
    }

    /// <summary>
    /// A resume needs no plan: what has been moved is parked no more, and nothing else looks for it. What
    /// a crash leaves uncounted stays so.
    /// </summary>
    private async ValueTask ResumeAsync(
        Endpoint endpoint,
        int most,
        TimeSpan interval,
        CancellationToken cancellationToken
    )
    {
        if (!await _progress.LeaseAsync(cancellationToken))
        {
            return;
        }

        while (BatchOf(most) is var max and > 0)
        {
            var due = await services.Events.ResumeAsync(
                endpoint.Key,
                max,
                Take(max, interval),
                cancellationToken
            );
            if (due.Count == 0)
            {
                await FinishResumeAsync(endpoint, cancellationToken);
                return;
            }

            _handled += due.Count;
            Moved += due.Count;
            Current = Current with
            {
                Counts = Current.Counts + new RecoveryCounts(due.Count, due.Count, 0, 0),
            };
            await EnqueueAsync(due, cancellationToken);
        }

        await PauseAsync(cancellationToken);
    }

    /// <summary>
    /// Goes on when the next delivery has its turn, and not before now: those that run go in the order of
    /// that time, and whoever kept an old one would always be the first.
    /// </summary>
    private ValueTask PauseAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        return _progress.PauseAsync(
            now > _nextDueAt ? now : _nextDueAt,
            _probes.Next(),
            cancellationToken
        );
    }

    /// <summary>While some process may still park what falls due, finding nothing is not the end.</summary>
    private ValueTask FinishResumeAsync(Endpoint endpoint, CancellationToken cancellationToken) =>
        services.Grace.IsOver(endpoint)
            ? _progress.EndAsync(RecoveryStatus.Done, cancellationToken)
            : _progress.PauseAsync(
                services.Grace.EndOf(endpoint) + TimeSpan.FromMilliseconds(1),
                [],
                cancellationToken
            );

    /// <summary>Moves what is planned.</summary>
    private async ValueTask CarryOutAsync(
        TimeSpan interval,
        bool isRepeated,
        CancellationToken cancellationToken
    )
    {
        var work = services.WorkOf(Current.Kind);
        foreach (var chunk in Current.Plan.Chunk(Together))
        {
            var pace = Take(chunk.Length, interval);
            var moves = await Task.WhenAll(
                chunk.Select(
                    (planned, i) =>
                        MoveAsync(work, planned, pace.At(i), isRepeated, cancellationToken).AsTask()
                )
            );
            _handled += chunk.Length;
            Current = Current with
            {
                Counts = moves.Aggregate(Current.Counts, (sum, move) => sum + move.Counts),
            };
            Moved += moves.Count(move => move.Counts.Moved > 0);
            await EnqueueAsync(
                [.. moves.Where(move => move.Due is not null).Select(move => move.Due!)],
                cancellationToken
            );
        }

        Current = Current with { Plan = [] };
    }

    private async ValueTask<RecoveryMove> MoveAsync(
        IRecoveryWork work,
        PlannedDelivery planned,
        DateTimeOffset dueAt,
        bool isRepeated,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await work.MoveAsync(
                Current,
                planned,
                dueAt,
                isRepeated,
                Now,
                cancellationToken
            );
        }
        catch (StoreUnavailableException exception) when (exception.IsDamage)
        {
            // It stays so: the others must not wait for it.
            return RecoveryMove.Failed;
        }
    }

    private async ValueTask EnqueueAsync(
        IReadOnlyList<DueDelivery> due,
        CancellationToken cancellationToken
    )
    {
        if (due.Count == 0)
        {
            return;
        }

        _probes.Started(due);
        await services.Queue.EnqueueAsync(due, cancellationToken);
    }

    /// <summary>How many come next; 0 once the slice is done.</summary>
    private int BatchOf(int most)
    {
        var worked = services.Time.GetElapsedTime(_beganTimestamp);
        if (_handled >= most || worked >= length || worked >= s_workMax)
        {
            return 0;
        }

        var max = Math.Min(services.Options.BatchSize, most - _handled);
        return Unpaced > 0 ? Math.Min(max, Unpaced) : max;
    }

    /// <summary>
    /// How many of a new drain still go without a pace: the first few need none, and mostly they are all.
    /// </summary>
    private int Unpaced =>
        Current.Counts.Matched == _handled ? Math.Max(DrainPace.ProbesMax - _handled, 0) : 0;

    /// <summary>
    /// When the next few are due: each an interval after the one before, and none before now. A slice
    /// that is late makes up for nothing: the receiver would get it all at once.
    /// </summary>
    private DuePace Take(int count, TimeSpan interval)
    {
        var from = Now > _nextDueAt ? Now : _nextDueAt;
        var pace = new DuePace(from, Unpaced > 0 ? TimeSpan.Zero : interval);
        _nextDueAt = from + (interval * count);
        return pace;
    }
}
