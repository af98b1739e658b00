using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// A queue as the embedded engine has it: claims in memory, gone with the process; a small window of
/// each endpoint's deliveries, the rest found again in the store, when an enqueue, a time or a sweep
/// says where to look. A delivery that nobody enqueued is found by a sweep or a restart, not before.
/// </summary>
/// <remarks>
/// Reading takes what is due and holds it in one moment: the engine's own care for what is enqueued
/// during a read is its own tests' matter.
/// </remarks>
internal sealed class EmbeddedQueue : IDeliveryQueue
{
    private static readonly TimeSpan s_lookAtLeastEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly EventTable _events;
    private readonly IStoreLink _link;
    private readonly TimeProvider _time;
    private readonly IHandOuts? _handOuts;
    private readonly int _windowMax;
    private readonly Dictionary<DeliveryKey, EmbeddedClaim> _held = [];
    private readonly Queue<EmbeddedClaim> _ready = new();
    private readonly Dictionary<EndpointKey, DateTimeOffset> _lookAt = [];
    private TaskCompletionSource? _waiter;

    /// <summary>Makes a queue over what is open.</summary>
    /// <param name="events">What is committed.</param>
    /// <param name="link">The way there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="windowMax">Most deliveries of an endpoint in memory.</param>
    /// <param name="handOuts">Who is told of claims; null for nobody.</param>
    public EmbeddedQueue(
        EventTable events,
        IStoreLink link,
        TimeProvider time,
        int windowMax,
        IHandOuts? handOuts = null
    )
    {
        (_events, _link, _time, _windowMax, _handOuts) = (events, link, time, windowMax, handOuts);
        LookEverywhere();
    }

    public ValueTask EnqueueAsync(
        IReadOnlyList<DueDelivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            foreach (var due in deliveries)
            {
                Enqueue(due);
            }

            Wake();
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<IReadOnlyList<ClaimedDelivery>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    )
    {
        var claimed = new List<ClaimedDelivery>();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var look = Take(max, claimed);
            if (look is { } endpoint)
            {
                try
                {
                    await _link.CallAsync("look", endpoint.TenantId, () => Look(endpoint));
                }
                catch (StoreUnavailableException) when (claimed.Count > 0)
                {
                    // What was claimed goes first; the next call looks again.
                }
            }

            if (claimed.Count > 0)
            {
                return claimed;
            }

            if (look is null)
            {
                await WaitAsync(cancellationToken);
            }
        }
    }

    public ValueTask CompleteAsync(ClaimedDelivery claim, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (End(claim) is { } held)
            {
                Drop(held);
                Wake();
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask PostponeAsync(
        ClaimedDelivery claim,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            if (End(claim) is { } held)
            {
                held.PostponedUntil = until;
                Wake();
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WithdrawAsync(DeliveryKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(key, out var held))
            {
                // One that is not handed out is dropped when its turn comes, and looked for anew.
                held.Claim.Withdraw();
                held.Requeue(held.Due.DueAt);
                Wake();
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DeadLetterAsync(
        DueDelivery delivery,
        ReasonCode reason,
        CancellationToken cancellationToken
    ) => ValueTask.CompletedTask;

    public async ValueTask<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _link.CallAsync(
            "sweep",
            null,
            () =>
            {
                lock (_gate)
                {
                    LookEverywhere();
                    Wake();
                    return true;
                }
            }
        );
        return 0;
    }

    private void Enqueue(DueDelivery due)
    {
        if (_held.TryGetValue(due.Key, out var held))
        {
            if (held.IsClaimed && held.StageOf(due) > 0)
            {
                held.Claim.Withdraw();
            }

            if (held.IsClaimed || held.PostponedUntil is not null || held.StageOf(due) > 0)
            {
                held.Requeue(due.DueAt);
            }

            return;
        }

        // An enqueue may come so late that the delivery was found and dealt with before.
        if (
            _events.Find(due.Key) is not { IsOpen: true } stored
            || stored.Value.Generation != due.Generation
            || stored.Value.GenerationAttempts != due.Attempt - 1
        )
        {
            return;
        }

        var endpoint = due.Key.Endpoint;
        if (due.DueAt <= _time.GetUtcNow() && !_lookAt.ContainsKey(endpoint) && HasRoom(endpoint))
        {
            Admit(due);
        }
        else
        {
            LookAt(endpoint, due.DueAt);
        }
    }

    /// <summary>Claims what is ready; returns the endpoint to look at next, if there is one.</summary>
    private EndpointKey? Take(int max, List<ClaimedDelivery> claimed)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var held in _held.Values.Where(each => each.PostponedUntil <= now).ToList())
            {
                held.PostponedUntil = null;
                if (held.RequeuedAt is not null)
                {
                    Drop(held);
                }
                else
                {
                    _ready.Enqueue(held);
                }
            }

            while (claimed.Count < max && _ready.TryDequeue(out var next))
            {
                // A later stage came while it waited: that one is read instead.
                if (next.RequeuedAt is not null)
                {
                    Drop(next);
                    continue;
                }

                next.IsClaimed = true;
                _handOuts?.HandedOut(next.Claim);
                claimed.Add(next.Claim);
            }

            foreach (var (endpoint, at) in _lookAt)
            {
                if (at <= now && HasRoom(endpoint))
                {
                    return endpoint;
                }
            }

            return null;
        }
    }

    private bool Look(EndpointKey endpoint)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            _lookAt.Remove(endpoint);
            foreach (
                var delivery in _events
                    .Of(endpoint)
                    .Where(each => each.IsOpen && !_held.ContainsKey(each.Key))
                    .OrderBy(each => each.Value.NextAttemptAt)
            )
            {
                var at = delivery.Value.NextAttemptAt!.Value;
                if (at > now || !HasRoom(endpoint))
                {
                    LookAt(endpoint, at);
                    break;
                }

                Admit(delivery.ToDue(at, withPayload: false));
            }

            return true;
        }
    }

    private void Admit(DueDelivery due)
    {
        var held = new EmbeddedClaim(due);
        _held.Add(due.Key, held);
        _ready.Enqueue(held);
    }

    private EmbeddedClaim? End(ClaimedDelivery claim)
    {
        if (
            !_held.TryGetValue(claim.Due.Key, out var held)
            || !held.IsClaimed
            || held.StageOf(claim.Due) != 0
        )
        {
            return null;
        }

        held.IsClaimed = false;
        _handOuts?.Ended(claim);
        return held;
    }

    private void Drop(EmbeddedClaim held)
    {
        _held.Remove(held.Due.Key);
        if (held.RequeuedAt is { } at)
        {
            LookAt(held.Due.Key.Endpoint, at);
        }
    }

    private bool HasRoom(EndpointKey endpoint) =>
        _held.Keys.Count(each => each.Endpoint == endpoint) < _windowMax;

    private void LookAt(EndpointKey endpoint, DateTimeOffset at)
    {
        if (!_lookAt.TryGetValue(endpoint, out var known) || at < known)
        {
            _lookAt[endpoint] = at;
        }
    }

    private void LookEverywhere()
    {
        foreach (var endpoint in _events.Endpoints)
        {
            if (
                _events
                    .Of(endpoint)
                    .Where(each => each.IsOpen)
                    .Min(each => each.Value.NextAttemptAt) is
                { } first
            )
            {
                LookAt(endpoint, first);
            }
        }
    }

    private void Wake() => _waiter?.TrySetResult();

    /// <summary>Waits until there may be something to take; a time that is set may bring that sooner.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TimeSpan wait;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var next = _held
                .Values.Select(each => each.PostponedUntil)
                .Concat(
                    _lookAt
                        .Where(each => HasRoom(each.Key))
                        .Select(each => (DateTimeOffset?)each.Value)
                )
                .Min();
            wait = next is { } at && at - now < s_lookAtLeastEvery ? at - now : s_lookAtLeastEvery;
            if (wait <= TimeSpan.Zero || _ready.Count > 0)
            {
                return;
            }

            _waiter = waiter;
        }

        await using var timer = _time.CreateTimer(
            static waiting => ((TaskCompletionSource)waiting!).TrySetResult(),
            waiter,
            wait,
            Timeout.InfiniteTimeSpan
        );
        using var cancelling = cancellationToken.UnsafeRegister(
            static waiting => ((TaskCompletionSource)waiting!).TrySetResult(),
            waiter
        );
        await waiter.Task;
    }
}
