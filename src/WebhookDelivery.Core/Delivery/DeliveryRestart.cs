namespace WebhookDelivery.Core;

/// <summary>How a delivery is to be started anew.</summary>
public sealed record DeliveryRestart
{
    /// <summary>Which delivery.</summary>
    public required DeliveryKey Key { get; init; }

    /// <summary>Only if it stands in one of these; empty for any.</summary>
    public IReadOnlySet<DeliveryStatus> OnlyFrom { get; init; } = new HashSet<DeliveryStatus>();

    /// <summary>Only if it is in this generation; null for any.</summary>
    public int? Generation { get; init; }

    /// <summary>Whether it is PARKED instead of PENDING, as its endpoint is disabled.</summary>
    public bool Park { get; init; }

    /// <summary>What starts it: Redeliver, Recover or Replay.</summary>
    public required EventSource Source { get; init; }

    /// <summary>When its first attempt is due, unless it is parked; not before <see cref="Now"/>.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The time now.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether a delivery in this status and generation may be started.</summary>
    public bool Applies(DeliveryStatus status, int generation) =>
        (OnlyFrom.Count == 0 || OnlyFrom.Contains(status))
        && (Generation is null || Generation == generation);
}
