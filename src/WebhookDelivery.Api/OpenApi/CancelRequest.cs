namespace WebhookDelivery.Api;

/// <summary>What to cancel.</summary>
internal sealed record CancelRequest
{
    /// <summary>Only the delivery to this endpoint; absent for every delivery of the event.</summary>
    public string? EndpointId { get; init; }
}
