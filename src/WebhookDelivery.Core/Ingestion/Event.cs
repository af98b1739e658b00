namespace WebhookDelivery.Core;

/// <summary>What a tenant's system posted. Immutable.</summary>
public sealed record Event
{
    /// <summary>Whose it is.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Its id; also the `webhook-id` of every attempt.</summary>
    public required EventId Id { get; init; }

    /// <summary>Its type, 1–255 characters of printable ASCII; null if it has none.</summary>
    public string? Type { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The exact bytes that were posted. Empty where a list leaves them out.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The tenant's routing revision that decided its deliveries.</summary>
    public required long RoutingRevision { get; init; }

    /// <summary>What caused it.</summary>
    public EventSource Source { get; init; }

    /// <summary>When its deliveries fall due; null for at once.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>Events of one key go to an endpoint in order; null for no order. Room for later use.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>Its place within its ordering key; null without one. Room for later use.</summary>
    public long? Sequence { get; init; }

    /// <summary>The W3C trace context of the request that posted it; null if there was none.</summary>
    public string? TraceParent { get; init; }
}
