namespace WebhookDelivery.Core;

/// <summary>An event to accept: inspected and authorised already.</summary>
public sealed record IngestRequest
{
    /// <summary>Whose.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>The exact bytes to deliver. The caller must not change them any more.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Its type; null for none.</summary>
    public string? Type { get; init; }

    /// <summary>The key it was posted under, 1–255 characters; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The W3C trace context of the request; null for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Goes to this endpoint alone, whatever its filter; null to route it.</summary>
    public EndpointId? OnlyTo { get; init; }

    /// <summary>What causes it.</summary>
    public EventSource Source { get; init; }
}
