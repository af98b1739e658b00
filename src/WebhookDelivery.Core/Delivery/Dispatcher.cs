using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>
/// Decides who goes next: tenants in turn, each tenant's endpoints in turn, of an endpoint what is live
/// before a backlog, within the caps of process, tenant and endpoint, the endpoint's rate and its
/// breaker. It holds claims in memory and
/// does nothing else: no clock, no I/O, no threads. Thread-safe; every member is brief.
/// </summary>
/// <remarks>
/// <para>
/// A lane stands in exactly one place: in its tenant's round (it can run now), held back there (too few
/// places are left for it), in the waiting list (rate or breaker), or in none (nothing ready, or at its
/// cap), and is looked at again when the event comes that ends that: an offer, a release, a time.
/// </para>
/// <para>
/// Places that run short go to those who have fewest: a tenant takes one more only while it has fewer
/// than are free, an endpoint only while it has fewer than its tenant has left, and one in sixteen is
/// kept for those who have none.
/// </para>
/// </remarks>
public sealed partial class Dispatcher(DeliveryOptions options, IWebhookSender sender)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EndpointKey, EndpointLane> _lanes = [];
    private readonly Dictionary<TenantId, TenantLanes> _tenants = [];
    private readonly Queue<TenantLanes> _round = new();
    private readonly HeldBackOrder<TenantLanes> _heldBack = new();
    private readonly PriorityQueue<EndpointLane, DateTimeOffset> _waiting = new();
    private int _inFlight;
    private int _ready;
    private int _leased;
    private readonly Dictionary<TenantId, int> _heldTenants = [];
    private int _holds;
    private int _settling;

    /// <summary>How many more claims it will hold.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
            {
                return RoomLeft;
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

    /// <summary>
    /// Takes a claim in; it will be handed out once, by <see cref="TryTake"/>. False if it is leased
    /// and its lease is nearly over, or its endpoint has enough waiting already: the queue keeps it
    /// better than memory does. Whatever others have waiting, an endpoint with nothing waiting is
    /// refused only when <see cref="Room"/> is 0.
    /// </summary>
    public bool Offer(ClaimedDelivery claim, EndpointLimits limits, DateTimeOffset now)
    {
        lock (_lock)
        {
            var lane = LaneOf(claim.Due.Key.Endpoint);
            Limit(lane, limits);
            var waiting = lane.WaitingBefore(claim);
            if (
                IsCrowded(waiting)
                || (
                    claim.LeaseEndsAt is { } ends
                    && (ends < now + options.LeaseMargin || waiting >= LeasedMax(lane))
                )
            )
            {
                Settle(lane, now);
                return false;
            }

            Add(lane, claim);
            if (lane.Lingers)
            {
                StepForward(lane);
            }

            Consider(lane);
            return true;
        }
    }

    /// <summary>
    /// Removes the leased claims whose lease ends before the given time, with the time at which each
    /// may go at the earliest: they are to be postponed, not attempted.
    /// </summary>
    public IReadOnlyList<(ClaimedDelivery Claim, DateTimeOffset Until)> TakeEnding(
        DateTimeOffset before,
        DateTimeOffset now
    )
    {
        lock (_lock)
        {
            return _leased == 0 ? [] : TakeReady(claim => claim.LeaseEndsAt < before, now);
        }
    }

    /// <summary>Removes every claim that is not under way, as <see cref="TakeEnding"/> does.</summary>
    public IReadOnlyList<(ClaimedDelivery Claim, DateTimeOffset Until)> TakeAll(DateTimeOffset now)
    {
        lock (_lock)
        {
            return TakeReady(_ => true, now);
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

            WakeTenant();
            while (_inFlight < options.MaxInFlight && NextTenant(out var placesMax) is { } tenant)
            {
                if (!MayRun(tenant))
                {
                    continue;
                }

                if (NextLane(tenant, placesMax - tenant.InFlight) is not { } lane)
                {
                    HoldBack(tenant);
                    continue;
                }

                if (lane.RateAllowsAt(now) is { } rateAllowsAt)
                {
                    lane.WaitsForRate = true;
                    StandAside(lane, rateAllowsAt);
                }
                else if (PostponedUntil(lane, now) is { } until)
                {
                    StandAside(lane, until);
                }
                else if (lane.CanRun)
                {
                    claim = Start(lane, now);
                }

                Settle(lane, now);
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
    /// more than one claim may be free to go now.
    /// </summary>
    public bool Release(EndpointKey endpoint, EndpointLimits? limits, DateTimeOffset now)
    {
        lock (_lock)
        {
            var lane = Finish(endpoint);
            var changed = limits is { } given && given != lane.Limits;
            Limit(lane, limits ?? lane.Limits);
            Settle(lane, now);
            return changed || EndsAHoldingBack(lane.Tenant);
        }
    }

    /// <summary>
    /// Takes a claim back that was handed out but not attempted, as the endpoint's breaker is open, or for
    /// what else holds it; its lane stands aside until the given time. True as for <see cref="Release"/>.
    /// </summary>
    public bool Return(
        ClaimedDelivery claim,
        DateTimeOffset until,
        DateTimeOffset now,
        LaneHold hold = LaneHold.Breaker
    )
    {
        lock (_lock)
        {
            var lane = Finish(claim.Due.Key.Endpoint);
            Add(lane, claim);
            if (lane.ReturnedUntil < until)
            {
                lane.ReturnedUntil = until;
                lane.ReturnedFor = hold;
            }

            // One that stands in its round, or aside for less, finds the time when its turn comes.
            if (lane.WaitsUntil is null && !lane.InRound)
            {
                StandAside(lane, lane.ReturnedUntil);
            }

            Settle(lane, now);
            return EndsAHoldingBack(lane.Tenant);
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

    /// <summary>
    /// Hands out nothing, or nothing of one tenant, until <see cref="Resume"/> is called as often:
    /// outcomes cannot be stored.
    /// </summary>
    /// <param name="tenant">Of whom; null for everybody.</param>
    public void Hold(TenantId? tenant = null)
    {
        lock (_lock)
        {
            if (tenant is { } one)
            {
                _heldTenants[one] = _heldTenants.GetValueOrDefault(one) + 1;
            }
            else
            {
                _holds++;
            }
        }
    }

    /// <summary>Undoes one <see cref="Hold"/>.</summary>
    /// <param name="tenant">As it was held.</param>
    public void Resume(TenantId? tenant = null)
    {
        lock (_lock)
        {
            if (tenant is not { } one)
            {
                _holds--;
            }
            else if (--_heldTenants[one] == 0)
            {
                _heldTenants.Remove(one);
                if (_tenants.TryGetValue(one, out var lanes))
                {
                    Consider(lanes);
                }
            }
        }
    }
}
