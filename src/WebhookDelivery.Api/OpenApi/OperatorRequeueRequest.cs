namespace WebhookDelivery.Api;

/// <summary>Which dead letters to requeue, over all tenants or of one.</summary>
internal sealed record OperatorRequeueRequest
{
    /// <summary>Most dead letters to handle, 1 to 10,000; default 100.</summary>
    public int? MaxMessages { get; init; }

    /// <summary>Only this tenant's.</summary>
    public string? TenantId { get; init; }

    /// <summary>Only those to this endpoint.</summary>
    public string? EndpointId { get; init; }
}
