using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>A recovery, and how far it has come.</summary>
internal sealed record RecoveryBody
{
    /// <summary>Its id.</summary>
    public required string RecoveryId { get; init; }

    /// <summary>The endpoint's id.</summary>
    public required string EndpointId { get; init; }

    /// <summary>
    /// What it does: recover, replay and cancel were asked for; resume began as the endpoint was enabled.
    /// </summary>
    [OneOf("recover", "replay", "cancel", "resume")]
    public required string Kind { get; init; }

    /// <summary>Where it stands.</summary>
    [OneOf("RUNNING", "DONE", "CANCELLED")]
    public required string Status { get; init; }

    /// <summary>Only events accepted at or after this time; null for any.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>Only events accepted before this time; null for any.</summary>
    public required DateTimeOffset? Until { get; init; }

    /// <summary>Only deliveries in one of these states; empty for any.</summary>
    public required IReadOnlyList<string> Statuses { get; init; }

    /// <summary>Only events of these types; empty for any.</summary>
    public required IReadOnlyList<string> EventTypes { get; init; }

    /// <summary>Only deliveries with one of these as their last reason; empty for any.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Deliveries (of a replay: events) that it has found so far.</summary>
    public required long Matched { get; init; }

    /// <summary>Of those, the ones that it started, or cancelled.</summary>
    public required long Moved { get; init; }

    /// <summary>Of those, the ones that had changed before their turn came.</summary>
    public required long Skipped { get; init; }

    /// <summary>Of those, the ones that cannot be started anew once more.</summary>
    public required long Failed { get; init; }

    /// <summary>Deliveries that it starts per second at present; null once it has ended, or if it starts none.</summary>
    public required double? RatePerSecond { get; init; }

    /// <summary>When it goes on; later than a moment from now while the endpoint fails or is disabled.</summary>
    public required DateTimeOffset? NextAt { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last did something.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended; null while it runs. It is kept for 30 days from then.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    public static RecoveryBody Of(Recovery recovery)
    {
        var runs = recovery.FinishedAt is null;
        return new()
        {
            RecoveryId = recovery.Id.ToString(),
            EndpointId = recovery.Endpoint.EndpointId.ToString(),
            Kind = recovery.Kind.ToCode(),
            Status = recovery.Status.ToCode(),
            Since = recovery.Filter.Since,
            Until = recovery.Filter.Until,
            Statuses = [.. recovery.Filter.Statuses.Order().Select(each => each.ToCode())],
            EventTypes = recovery.Filter.EventTypes.Patterns,
            Reasons = [.. recovery.Filter.Reasons.Order().Select(each => each.ToCode())],
            Matched = recovery.Counts.Matched,
            Moved = recovery.Counts.Moved,
            Skipped = recovery.Counts.Skipped,
            Failed = recovery.Counts.Failed,
            RatePerSecond =
                runs && recovery.Kind != RecoveryKind.Cancel ? recovery.Pace.PerSecond : null,
            NextAt = runs ? recovery.NextAt : null,
            CreatedAt = recovery.CreatedAt,
            UpdatedAt = recovery.UpdatedAt,
            FinishedAt = recovery.FinishedAt,
        };
    }
}
