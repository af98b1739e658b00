namespace WebhookDelivery.Api;

/// <summary>The answer to a redelivery that was started.</summary>
internal sealed record RedeliveryBody
{
    /// <summary>The event's id.</summary>
    public required string EventId { get; init; }

    /// <summary>The endpoints that it goes to again.</summary>
    public required IReadOnlyList<string> EndpointIds { get; init; }
}
