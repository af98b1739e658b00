using System.ComponentModel.DataAnnotations;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What to send as a test.</summary>
internal sealed record TestEndpointRequest
{
    /// <summary>The event's type; default the payload's own, else webhook.test.</summary>
    [MaxLength(EventTypeFilter.TypeLengthMax)]
    public string? EventType { get; init; }

    /// <summary>The payload, delivered byte for byte as it stands here; default one of the platform's own.</summary>
    public RawJson? Payload { get; init; }
}
