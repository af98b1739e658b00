namespace WebhookDelivery.Core;

/// <summary>How the dispatcher moves lanes and counts claims; called under its lock.</summary>
public sealed partial class Dispatcher
{
    /// <summary>
    /// By how much time must go back to mean that the clock was set: callers that read it at once come
    /// here in any order. If one was held up for longer, some lanes may begin one burst too many.
    /// </summary>
    private static readonly TimeSpan SetBackMin = TimeSpan.FromSeconds(1);

    private DateTimeOffset _latest;

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
        lane.InFlight++;
        lane.Tenant.InFlight++;
        _inFlight++;
        var claim = lane.Dequeue();
        Uncount(claim);
        // One that was withdrawn is not sent: it must not take the turn of one that is.
        if (!claim.IsWithdrawn)
        {
            lane.CountAgainstRate(now);
        }

        return claim;
    }

    /// <summary>
    /// How many leased claims a lane may hold: what it can attempt soon. One that stands aside keeps
    /// few, so that endpoints that are down do not fill the memory that the others need.
    /// </summary>
    private int LeasedMax(EndpointLane lane) =>
        lane.WaitsUntil is null
            ? options.LeasedPerEndpointMax
            : Math.Min(options.LeasedPerEndpointMax, lane.Limits.MaxInFlight);

    private void Add(EndpointLane lane, ClaimedDelivery claim)
    {
        lane.Enqueue(claim);
        _ready++;
        _leased += claim.LeaseEndsAt is null ? 0 : 1;
    }

    private void Uncount(ClaimedDelivery claim)
    {
        _ready--;
        _leased -= claim.LeaseEndsAt is null ? 0 : 1;
    }

    private List<(ClaimedDelivery, DateTimeOffset)> TakeReady(
        Predicate<ClaimedDelivery> wanted,
        DateTimeOffset now
    )
    {
        NoticeTime(now);
        var taken = new List<(ClaimedDelivery, DateTimeOffset)>();
        foreach (var lane in _lanes.Values.ToList())
        {
            var until = lane.WaitsUntil > now ? lane.WaitsUntil.Value : now;
            TakeFrom(lane.Live, wanted, until, taken);
            TakeFrom(lane.Backlog, wanted, until, taken);

            // One that stands in its round is let go when its turn comes.
            Settle(lane, now);
        }

        return taken;
    }

    private void TakeFrom(
        Queue<ClaimedDelivery> ready,
        Predicate<ClaimedDelivery> wanted,
        DateTimeOffset until,
        List<(ClaimedDelivery, DateTimeOffset)> taken
    )
    {
        for (var left = ready.Count; left > 0; left--)
        {
            var claim = ready.Dequeue();
            if (wanted(claim))
            {
                Uncount(claim);
                taken.Add((claim, until));
            }
            else
            {
                ready.Enqueue(claim);
            }
        }
    }

    private EndpointLane Finish(EndpointKey endpoint)
    {
        var lane = _lanes[endpoint];
        lane.InFlight--;
        lane.Tenant.InFlight--;
        _inFlight--;
        LookAgain(lane);
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
            Forget(lane);
        }
    }

    private void NoticeTime(DateTimeOffset now)
    {
        if (now >= _latest)
        {
            _latest = now;
        }
        else if (_latest - now > SetBackMin)
        {
            SetBack(now);
        }
    }

    /// <summary>
    /// Looks at every lane anew: a clock that was set back must not make those that stand aside wait
    /// for the length of the jump. A clock that was set forwards ends their waits, one burst each.
    /// </summary>
    private void SetBack(DateTimeOffset now)
    {
        var by = _latest - now;
        _latest = now;
        _waiting.Clear();
        foreach (var lane in _lanes.Values.ToList())
        {
            lane.SetBack(by);
            if (lane.WaitsUntil is not null)
            {
                StepForward(lane);
                Settle(lane, now);
            }
        }
    }

    private void WakeLanes(DateTimeOffset now)
    {
        NoticeTime(now);
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

    private void Forget(EndpointLane lane)
    {
        _lanes.Remove(lane.Key);
        if (--lane.Tenant.Lanes == 0)
        {
            LookAgain(lane.Tenant);
            _tenants.Remove(lane.Tenant.Id);
        }
    }
}
