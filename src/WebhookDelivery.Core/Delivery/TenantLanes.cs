namespace WebhookDelivery.Core;

/// <summary>One tenant's turn in the dispatcher: its lanes that can run, in a round of their own.</summary>
internal sealed class TenantLanes(TenantId id)
{
    public TenantId Id { get; } = id;

    /// <summary>Lanes that can run, next first.</summary>
    public Queue<EndpointLane> Round { get; } = new();

    /// <summary>How many lanes it has, running or not.</summary>
    public int Lanes { get; set; }

    public int InFlight { get; set; }

    /// <summary>True while it stands in the dispatcher's round.</summary>
    public bool InRound { get; set; }
}
