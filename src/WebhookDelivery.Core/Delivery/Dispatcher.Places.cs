namespace WebhookDelivery.Core;

/// <summary>
/// How the dispatcher shares out places when there are few; called under its lock.
/// <code>
/// machine   a tenant with T under way takes one more while T &lt; free − 1/16 of all, and T &lt; its cap
/// tenant    an endpoint with E under way takes one more while E &lt; left − 1/16 of the cap, where left
///           is what the tenant may still take; who has nothing under way may take the 1/16 too
/// </code>
/// So k tenants that take all they can leave one part in k + 1 free, and whoever has nothing under way
/// finds a place: the threshold by which switches share their buffers (Choudhury and Hahne, 1998). The
/// 1/16 is for those who come while attempts of before still hold more than that.
/// </summary>
public sealed partial class Dispatcher
{
    /// <summary>One in so many places is kept for who has none.</summary>
    private const int KeptPart = 16;

    private readonly int _kept = options.MaxInFlight / KeptPart;
    private readonly int _keptOfTenant =
        Math.Min(options.MaxInFlightPerTenant, options.MaxInFlight) / KeptPart;
    private readonly int _keptRoom = options.HeldMax / KeptPart;

    private int Free => options.MaxInFlight - _inFlight;

    private int RoomLeft => Math.Max(0, options.HeldMax - _ready - _inFlight - _settling);

    /// <summary>Whether others need the room more than one further claim of a lane, so many waiting before it.</summary>
    private bool IsCrowded(int waiting) =>
        waiting == 0 ? RoomLeft == 0 : waiting >= RoomLeft - _keptRoom;

    /// <summary>Puts the first tenant that is held back and need not be at the end of the round.</summary>
    private void WakeTenant()
    {
        if (_heldBack.TryPeek(out var tenant) && tenant.Needs < Free)
        {
            _heldBack.Remove(tenant);
            Consider(tenant);
        }
    }

    /// <summary>
    /// Whose turn it is, and how many places it may come to; null if it is nobody's. A tenant alone on
    /// the machine keeps nothing free for others while none has anything to send.
    /// </summary>
    private TenantLanes? NextTenant(out int placesMax)
    {
        placesMax = options.MaxInFlightPerTenant;
        if (_round.TryDequeue(out var tenant))
        {
            tenant.InRound = false;
            placesMax = Math.Min(placesMax, Free - Kept(tenant));
            return tenant;
        }

        if (_heldBack.TryPeek(out tenant) && IsEnough(tenant, tenant.Needs))
        {
            _heldBack.Remove(tenant);
            placesMax = Math.Min(
                placesMax,
                tenant.Needs < Free ? Free - Kept(tenant) : options.MaxInFlight
            );
            return tenant;
        }

        return null;
    }

    /// <summary>How many places must stay free for those who have none.</summary>
    private int Kept(TenantLanes tenant) => tenant.InFlight == 0 ? 0 : _kept;

    private bool IsEnough(TenantLanes tenant, long needs) =>
        needs < Free
        || (tenant.InFlight == _inFlight && needs - Kept(tenant) < options.MaxInFlight);

    /// <summary>
    /// Which of a tenant's lanes is next if it has so many places left; null if none may go. One that
    /// was held back and need not be comes after those in the round.
    /// </summary>
    private EndpointLane? NextLane(TenantLanes tenant, int left)
    {
        if (tenant.HeldBackLanes.TryPeek(out var first) && first.Needs < left)
        {
            tenant.HeldBackLanes.Remove(first);
            first.InRound = true;
            tenant.Round.Enqueue(first);
        }

        while (tenant.Round.TryDequeue(out var lane))
        {
            lane.InRound = false;
            var needs = lane.InFlight == 0 ? 0 : lane.InFlight + _keptOfTenant;
            if (needs < left)
            {
                return lane;
            }

            tenant.HeldBackLanes.Add(lane, needs);
        }

        return null;
    }

    /// <summary>
    /// Holds a tenant back until enough is free for the lane that needs least; not if its own cap is in
    /// the way, as then only a release of its own can help.
    /// </summary>
    private void HoldBack(TenantLanes tenant)
    {
        if (NeedsOf(tenant) is { } needs)
        {
            _heldBack.Add(tenant, needs);
        }
    }

    /// <summary>What must be exceeded by the machine's free places; null if its cap is in the way.</summary>
    private long? NeedsOf(TenantLanes tenant) =>
        tenant.HeldBackLanes.TryPeek(out var first)
        && tenant.InFlight + first.Needs is var needs
        && needs < options.MaxInFlightPerTenant
            ? needs + Kept(tenant)
            : null;

    /// <summary>After a release: whether somebody who was held back need not be any more.</summary>
    private bool EndsAHoldingBack(TenantLanes tenant) =>
        (_heldBack.TryPeek(out var first) && IsEnough(first, first.Needs))
        || (NeedsOf(tenant) is { } needs && IsEnough(tenant, needs));

    private void LookAgain(EndpointLane lane)
    {
        if (lane.IsHeldBack)
        {
            lane.Tenant.HeldBackLanes.Remove(lane);
        }

        LookAgain(lane.Tenant);
    }

    private void LookAgain(TenantLanes tenant)
    {
        if (tenant.IsHeldBack)
        {
            _heldBack.Remove(tenant);
        }
    }

    private void Consider(EndpointLane lane)
    {
        if (lane.IsHeldBack)
        {
            if (!lane.CanRun)
            {
                LookAgain(lane);
                Consider(lane.Tenant);
            }
        }
        else if (lane.CanRun && !lane.InRound)
        {
            lane.InRound = true;
            lane.Tenant.Round.Enqueue(lane);
            LookAgain(lane.Tenant);
            Consider(lane.Tenant);
        }
    }

    private void Consider(TenantLanes tenant)
    {
        if (
            !tenant.InRound
            && !tenant.IsHeldBack
            && (tenant.Round.Count > 0 || NeedsOf(tenant) is not null)
            && MayRun(tenant)
        )
        {
            tenant.InRound = true;
            _round.Enqueue(tenant);
        }
    }

    private bool MayRun(TenantLanes tenant) =>
        tenant.InFlight < options.MaxInFlightPerTenant && !_heldTenants.ContainsKey(tenant.Id);
}
