namespace WebhookDelivery.Api;

/// <summary>Which deliveries to cancel; all that are still to be made if there is no body. Members combine by and.</summary>
internal sealed record CancelDeliveriesRequest
{
    /// <summary>Only events accepted at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only events accepted before this time; absent for those that there are now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only deliveries in one of these states: PENDING, FAILED, PARKED; absent for all three.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>Only events of these types, as in an endpoint's event_types.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>Only deliveries with one of these as their last reason, such as connect_failed.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }

    /// <summary>True to count only; default false.</summary>
    public bool? DryRun { get; init; }
}
