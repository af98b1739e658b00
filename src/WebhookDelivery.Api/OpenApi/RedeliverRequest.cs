namespace WebhookDelivery.Api;

/// <summary>What to deliver again.</summary>
internal sealed record RedeliverRequest
{
    /// <summary>Only to this endpoint; absent for every endpoint of the event.</summary>
    public string? EndpointId { get; init; }
}
