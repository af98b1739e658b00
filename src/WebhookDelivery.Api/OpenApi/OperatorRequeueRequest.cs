using System.ComponentModel.DataAnnotations;
using WebhookDelivery.Core;

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

    /// <summary>Only those whose event's type matches one of these patterns; as for endpoints.</summary>
    [MaxLength(EventTypeFilter.PatternsMax)]
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>Only those whose last_reason is one of these.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }

    /// <summary>Only those whose event was accepted at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those whose event was accepted before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}
