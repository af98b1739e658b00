using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>How far a pass over the dead-letter queue goes, and whose messages it acts on.</summary>
internal sealed record DeadLetterScope
{
    /// <summary>Messages received at a time, 1–10.</summary>
    public int BatchSize { get; init; } = DeadLetterQueue.BatchMax;

    /// <summary>Messages received in all; default 10,000.</summary>
    public int MessagesMax { get; init; } = 10_000;

    /// <summary>How long to receive; default 30 s.</summary>
    public TimeSpan ReceiveFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Only this tenant's; null for every tenant's.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>Only those to this endpoint.</summary>
    public EndpointId? EndpointId { get; init; }

    /// <summary>Whether a message of this delivery is acted on; otherwise it is given back as it came.</summary>
    public bool Covers(DeliveryKey key) =>
        (TenantId is null || TenantId == key.TenantId)
        && (EndpointId is null || EndpointId == key.EndpointId);
}
