using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>
/// Decides who goes next: tenants in turn, each tenant's endpoints in turn, within the caps of
/// process, tenant and endpoint, the endpoint's rate and its breaker. It holds claims in memory and
/// does nothing else: no clock, no I/O, no threads. Thread-safe; every member is brief.
/// </summary>
/// <remarks>
/// A lane stands in exactly one place: in its tenant's round (it can run now), in the waiting list
/// (rate or breaker), or in neither (nothing ready, or at its cap), and is looked at again when the
/// event comes that ends that: an offer, a release, a time.
/// </remarks>
public sealed class Dispatcher(DeliveryOptions options, IWebhookSender sender)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EndpointKey, EndpointLane> _lanes = [];
    private readonly Dictionary<TenantId, TenantLanes> _tenants = [];
    private readonly Queue<TenantLanes> _round = new();
    private readonly PriorityQueue<EndpointLane, DateTimeOffset> _waiting = new();
    private int _inFlight;
    private int _ready;
    private int _holds;
    private int _settling;

    /// <summary>How many more claims it will hold.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, options.HeldMax - _ready - _inFlight - _settling);
            }
        }
    }

    /// <summary>Attempts under way.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _inFlight;
            }
        }
    }

    /// <summary>Attempts under way, and those that are over but not recorded yet.</summary>
    public int UnderWay
    {
        get
        {
            lock (_lock)
            {
                return _inFlight + _settling;
            }
        }
    }

    /// <summary>
    /// The earliest time at which a lane that stands aside may run again; null if none does. Until
    /// then only an offer or a release can make <see cref="TryTake"/> succeed.
    /// </summary>
    public DateTimeOffset? NextWake
    {
        get
        {
            lock (_lock)
            {
                return _waiting.TryPeek(out _, out var at) ? at : null;
            }
        }
    }

    /// <summary>Takes a claim in; it will be handed out once, by <see cref="TryTake"/>.</summary>
    public void Offer(ClaimedDelivery claim, EndpointLimits limits)
    {
        lock (_lock)
        {
            var lane = LaneOf(claim.Due.Key.Endpoint);
            Limit(lane, limits);
            lane.Ready.Enqueue(claim);
            _ready++;
            if (lane.Lingers)
            {
                StepForward(lane);
            }

            Consider(lane);
        }
    }

    /// <summary>Hands out the claim whose turn it is; false if none may go now.</summary>
    public bool TryTake(DateTimeOffset now, [NotNullWhen(true)] out ClaimedDelivery? claim)
    {
        claim = null;
        lock (_lock)
        {
            WakeLanes(now);
            if (_holds > 0 || _settling >= options.SettlingMax)
            {
                return false;
            }

            while (_inFlight < options.MaxInFlight && _round.TryDequeue(out var tenant))
            {
                tenant.InRound = false;
                if (tenant.InFlight >= options.MaxInFlightPerTenant)
                {
                    continue;
                }

                var lane = tenant.Round.Dequeue();
                lane.InRound = false;
                if (lane.RateAllowsAt(now) is { } rateAllowsAt)
                {
                    lane.WaitsForRate = true;
                    StandAside(lane, rateAllowsAt);
                }
                else if (PostponedUntil(lane, now) is { } until)
                {
                    StandAside(lane, until);
                }
                else if (lane.InFlight < lane.Limits.MaxInFlight)
                {
                    claim = Start(lane, now);
                }

                Consider(lane);
                Consider(tenant);
                if (claim is not null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Says that an attempt that was handed out is over, and what its endpoint allows now. True if
    /// that changed, so that more than one claim may be free to go.
    /// </summary>
    public bool Release(EndpointKey endpoint, EndpointLimits? limits, DateTimeOffset now)
    {
        lock (_lock)
        {
            var lane = Finish(endpoint);
            var changed = limits is { } given && given != lane.Limits;
            Limit(lane, limits ?? lane.Limits);
            Settle(lane, now);
            return changed;
        }
    }

    /// <summary>
    /// Takes a claim back that was handed out but not attempted, as the endpoint's breaker is open;
    /// its lane stands aside until the given time.
    /// </summary>
    public void Return(ClaimedDelivery claim, DateTimeOffset until, DateTimeOffset now)
    {
        lock (_lock)
        {
            var lane = Finish(claim.Due.Key.Endpoint);
            lane.Ready.Enqueue(claim);
            _ready++;
            if (lane.ReturnedUntil < until)
            {
                lane.ReturnedUntil = until;
            }

            // One that stands in its round, or aside for less, finds the time when its turn comes.
            if (lane.WaitsUntil is null && !lane.InRound)
            {
                StandAside(lane, lane.ReturnedUntil);
            }

            Settle(lane, now);
        }
    }

    /// <summary>
    /// Says, before its release, that an attempt is over but not recorded. Beyond
    /// <see cref="DeliveryOptions.SettlingMax"/> of these nothing is handed out.
    /// </summary>
    public void BeginSettling()
    {
        lock (_lock)
        {
            _settling++;
        }
    }

    /// <summary>Says that it is recorded. True if that lets claims be handed out again.</summary>
    public bool EndSettling()
    {
        lock (_lock)
        {
            return _settling-- == options.SettlingMax;
        }
    }

    /// <summary>Hands out nothing until <see cref="Resume"/> is called as often: outcomes cannot be stored.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            _holds++;
        }
    }

    /// <summary>Undoes one <see cref="Hold"/>.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _holds--;
        }
    }

    private static void Limit(EndpointLane lane, EndpointLimits limits)
    {
        if (lane.Limit(limits) && lane.WaitsForRate)
        {
            StepForward(lane);
        }
    }

    /// <summary>Ends a wait early; its entry in the waiting list goes stale, which WakeLanes recognises.</summary>
    private static void StepForward(EndpointLane lane)
    {
        lane.WaitsUntil = null;
        lane.WaitsForRate = false;
        lane.Lingers = false;
    }

    /// <summary>Until when the sender wants nothing of a lane; null if it takes something now.</summary>
    private DateTimeOffset? PostponedUntil(EndpointLane lane, DateTimeOffset now)
    {
        var until =
            lane.ReturnedUntil > now ? lane.ReturnedUntil : sender.PostponedUntil(lane.Key, now);
        return until > now ? until : null;
    }

    private ClaimedDelivery Start(EndpointLane lane, DateTimeOffset now)
    {
        lane.CountAgainstRate(now);
        lane.InFlight++;
        lane.Tenant.InFlight++;
        _inFlight++;
        _ready--;
        return lane.Ready.Dequeue();
    }

    private EndpointLane Finish(EndpointKey endpoint)
    {
        var lane = _lanes[endpoint];
        lane.InFlight--;
        lane.Tenant.InFlight--;
        _inFlight--;
        return lane;
    }

    private void Settle(EndpointLane lane, DateTimeOffset now)
    {
        Consider(lane);
        Consider(lane.Tenant);
        if (!lane.IsIdle)
        {
            return;
        }

        // A lane that drains and refills must not get a fresh burst each time: it is kept, aside,
        // for as long as its rate remembers anything.
        if (lane.Limits.RatePerSecond is not null && lane.RestedAt > now)
        {
            lane.Lingers = true;
            lane.WaitsForRate = true;
            StandAside(lane, lane.RestedAt);
        }
        else
        {
            Remove(lane);
        }
    }

    private void WakeLanes(DateTimeOffset now)
    {
        while (_waiting.TryPeek(out var lane, out var at) && at <= now)
        {
            _waiting.Dequeue();
            if (lane.WaitsUntil == at)
            {
                StepForward(lane);
                Settle(lane, now);
            }
        }
    }

    private void StandAside(EndpointLane lane, DateTimeOffset until)
    {
        lane.WaitsUntil = until;
        _waiting.Enqueue(lane, until);
    }

    private void Consider(EndpointLane lane)
    {
        if (lane.CanRun)
        {
            lane.InRound = true;
            lane.Tenant.Round.Enqueue(lane);
            Consider(lane.Tenant);
        }
    }

    private void Consider(TenantLanes tenant)
    {
        if (
            !tenant.InRound
            && tenant.Round.Count > 0
            && tenant.InFlight < options.MaxInFlightPerTenant
        )
        {
            tenant.InRound = true;
            _round.Enqueue(tenant);
        }
    }

    private EndpointLane LaneOf(EndpointKey key)
    {
        if (_lanes.TryGetValue(key, out var lane))
        {
            return lane;
        }

        if (!_tenants.TryGetValue(key.TenantId, out var tenant))
        {
            tenant = new TenantLanes(key.TenantId);
            _tenants.Add(key.TenantId, tenant);
        }

        lane = new EndpointLane(key, tenant);
        tenant.Lanes++;
        _lanes.Add(key, lane);
        return lane;
    }

    private void Remove(EndpointLane lane)
    {
        _lanes.Remove(lane.Key);
        if (--lane.Tenant.Lanes == 0)
        {
            _tenants.Remove(lane.Tenant.Id);
        }
    }
}
