namespace WebhookDelivery.Api;

/// <summary>What was cancelled.</summary>
internal sealed record CancellationBody
{
    /// <summary>The event's id.</summary>
    public required string EventId { get; init; }

    /// <summary>The endpoints that it no longer goes to.</summary>
    public required IReadOnlyList<string> EndpointIds { get; init; }
}
