namespace WebhookDelivery.Core;

/// <summary>What the dispatcher tells of a delivery to who asks why it is not sent yet.</summary>
public sealed partial class Dispatcher
{
    /// <summary>
    /// How many of an endpoint's waiting deliveries are looked through for one, under the lock: some 10 µs.
    /// </summary>
    private const int LookedThroughMax = 1024;

    /// <summary>
    /// Says what keeps an open delivery back, as far as this process knows; changes nothing. Of one that is
    /// held by another process, or by none yet, only the endpoint's breaker and limits here are told.
    /// </summary>
    /// <param name="key">Which delivery.</param>
    /// <param name="dueAt">Since when it is due: deliveries of an endpoint go in that order, mostly.</param>
    /// <param name="now">The time.</param>
    public LaneStanding Standing(DeliveryKey key, DateTimeOffset dueAt, DateTimeOffset now)
    {
        lock (_lock)
        {
            var breaker = sender.PostponedUntil(key.Endpoint, now);
            if (!_lanes.TryGetValue(key.Endpoint, out var lane))
            {
                return breaker > now
                    ? new LaneStanding(LaneHold.Breaker, breaker, IsUnderWay: false)
                    : default;
            }

            var (hold, until) =
                breaker > now ? (LaneHold.Breaker, breaker)
                : lane.RateAllowsAt(now) is { } rate ? (LaneHold.Rate, rate)
                : lane.ReturnedUntil > now ? (lane.ReturnedFor, lane.ReturnedUntil)
                : (CapOf(lane), null);
            return new LaneStanding(hold, until, dueAt <= now && IsUnderWay(lane, key, dueAt));
        }
    }

    private LaneHold CapOf(EndpointLane lane) =>
        lane.InFlight >= lane.Limits.MaxInFlight ? LaneHold.EndpointCap
        : lane.IsHeldBack || lane.Tenant.IsHeldBack || Free == 0 || !MayRun(lane.Tenant)
            ? LaneHold.SharedCap
        : LaneHold.None;

    /// <summary>
    /// Which deliveries are under way nobody writes down. One that does not wait here was either taken, or
    /// has not come yet: then it fell due after all that wait.
    /// </summary>
    private static bool IsUnderWay(EndpointLane lane, DeliveryKey key, DateTimeOffset dueAt)
    {
        if (lane.InFlight == 0)
        {
            return false;
        }

        var latest = DateTimeOffset.MinValue;
        foreach (var claim in lane.Live.Concat(lane.Backlog).Take(LookedThroughMax))
        {
            if (claim.Due.Key == key)
            {
                return false;
            }

            latest = claim.Due.DueAt > latest ? claim.Due.DueAt : latest;
        }

        return lane.Ready == 0 || dueAt <= latest;
    }
}
