using System.ComponentModel.DataAnnotations;

namespace WebhookDelivery.Api;

/// <summary>Which dead letters to requeue, over all tenants or of one.</summary>
internal sealed record OperatorRequeueRequest
{
    /// <summary>Most dead letters to handle, 1 to 10,000; default 100.</summary>
    [Range(1, RequeueFieldsValidator.MaxMessagesMax)]
    public int? MaxMessages { get; init; }

    /// <summary>Only this tenant's; one that is unknown or deleted is not found.</summary>
    public string? TenantId { get; init; }

    /// <summary>Only those to this endpoint, deleted or not; an unknown one is not found.</summary>
    public string? EndpointId { get; init; }
}
