using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The members of a request to recover, replay or cancel, as far as they could be read.</summary>
internal sealed record RecoveryFields
{
    /// <summary>What is asked for: it decides which members there are, and what they may be.</summary>
    public required RecoveryKind Kind { get; init; }

    public Optional<DateTimeOffset?> Since { get; init; }

    public Optional<DateTimeOffset?> Until { get; init; }

    public Optional<IReadOnlyList<string>?> Statuses { get; init; }

    public Optional<IReadOnlyList<string>?> EventTypes { get; init; }

    public Optional<IReadOnlyList<string>?> Reasons { get; init; }

    public Optional<bool?> DryRun { get; init; }

    public static RecoveryFields Read(Fields fields, RecoveryKind kind)
    {
        var ofDeliveries = kind != RecoveryKind.Replay;
        return new()
        {
            Kind = kind,
            Since = fields.Time("since"),
            Until = fields.Time("until"),
            Statuses = ofDeliveries ? fields.Texts("statuses") : default,
            EventTypes = fields.Texts("event_types"),
            Reasons = ofDeliveries ? fields.Texts("reasons") : default,
            DryRun = fields.Flag("dry_run"),
        };
    }

    /// <summary>What is asked for; the fields are validated already.</summary>
    public RecoveryFilter ToFilter() =>
        new()
        {
            Since = Since.Value,
            Until = Until.Value,
            Statuses = Statuses.Value is { } statuses
                ? statuses
                    .Select(each =>
                        DeliveryStatusCodes.TryParse(each, out var status) ? status : default
                    )
                    .ToHashSet()
                : RecoveryStatuses.DefaultOf(Kind),
            EventTypes = EventTypeFilter.Parse(EventTypes.Value ?? [], out _)!,
            Reasons = (Reasons.Value ?? []).Select(each => RecoveryReasons.All[each]).ToHashSet(),
        };
}
