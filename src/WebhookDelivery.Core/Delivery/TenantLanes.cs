namespace WebhookDelivery.Core;

/// <summary>
/// One tenant's turn in the dispatcher: its lanes that can run, in a round of their own. Held back, it
/// needs more places to be free on the machine.
/// </summary>
internal sealed class TenantLanes(TenantId id) : HeldBack
{
    public TenantId Id { get; } = id;

    /// <summary>Lanes that can run, next first.</summary>
    public Queue<EndpointLane> Round { get; } = new();

    /// <summary>Lanes that could run, but for the places that their tenant has left.</summary>
    public HeldBackOrder<EndpointLane> HeldBackLanes { get; } = new();

    /// <summary>How many lanes it has, running or not.</summary>
    public int Lanes { get; set; }

    public int InFlight { get; set; }

    /// <summary>True while it stands in the dispatcher's round.</summary>
    public bool InRound { get; set; }
}
