using WebhookDelivery.Core;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api;

/// <summary>The members of a request about an endpoint, as far as they could be read.</summary>
internal sealed record EndpointFields
{
    public Optional<string?> Url { get; init; }

    public Optional<string?> Description { get; init; }

    public Optional<string?> ExternalId { get; init; }

    public Optional<IReadOnlyList<KeyValuePair<string, string>>?> Metadata { get; init; }

    public Optional<bool?> Operational { get; init; }

    public Optional<IReadOnlyList<string>?> EventTypes { get; init; }

    public Optional<PayloadFilter?> Filter { get; init; }

    public Optional<IReadOnlyList<KeyValuePair<string, string>>?> Headers { get; init; }

    public Optional<string?> Secret { get; init; }

    public Optional<IReadOnlyList<string>?> RetrySchedule { get; init; }

    public Optional<double?> TimeoutSeconds { get; init; }

    public Optional<double?> RateLimitPerSecond { get; init; }

    public Optional<int?> MaxInFlight { get; init; }

    public Optional<bool?> Disabled { get; init; }

    /// <summary>Reads them.</summary>
    /// <param name="fields">The request's members.</param>
    /// <param name="creating">Whether what can be set only once can be set here.</param>
    public static EndpointFields Read(Fields fields, bool creating) =>
        new()
        {
            Url = fields.Text("url"),
            Description = fields.Text("description"),
            ExternalId = creating ? fields.Text("external_id") : default,
            Metadata = fields.TextMap("metadata"),
            Operational = creating ? fields.Flag("operational") : default,
            EventTypes = fields.Texts("event_types"),
            Filter = fields.PayloadFilter("filter"),
            Headers = fields.TextMap("headers"),
            Secret = creating ? fields.Text("secret") : default,
            RetrySchedule = fields.Texts("retry_schedule"),
            TimeoutSeconds = fields.Number("timeout_seconds"),
            RateLimitPerSecond = fields.Number("rate_limit_per_second"),
            MaxInFlight = fields.Integer("max_in_flight"),
            Disabled = fields.Flag("disabled"),
        };

    /// <summary>A new endpoint; the fields are validated already. Null means the default.</summary>
    public EndpointDraft ToDraft() =>
        new()
        {
            Url = Url.Value!,
            Description = Description.Value,
            ExternalId = ExternalId.Value,
            Metadata = Notes(),
            Operational = Operational.Value ?? false,
            EventTypes = Types(),
            Filter = Filter.Value,
            Headers = Headers.Value ?? [],
            Secret = SigningSecret.TryParse(Secret.Value, out var secret) ? secret : null,
            RetrySchedule = Schedule(),
            Timeout = Timeout(),
            RateLimitPerSecond = RateLimitPerSecond.Value,
            MaxInFlight = MaxInFlight.Value,
            Disabled = Disabled.Value ?? false,
        };

    /// <summary>All of an endpoint, there or not; the fields are validated already.</summary>
    public EndpointReplacement ToReplacement() =>
        new()
        {
            Draft = ToDraft(),
            Disabled = Disabled.Value,
            Operational = Operational.Value,
        };

    /// <summary>A change; the fields are validated already. Null means back to the default.</summary>
    public EndpointPatch ToPatch() =>
        new()
        {
            Url = Url.IsGiven ? Url.Value! : default(Optional<string>),
            Description = Description,
            Metadata = Metadata.IsGiven
                ? new Optional<IReadOnlyDictionary<string, string>>(Notes())
                : default,
            EventTypes = EventTypes.IsGiven ? Types() : default(Optional<EventTypeFilter>),
            Filter = Filter,
            Headers = Headers.IsGiven
                ? new Optional<IReadOnlyList<KeyValuePair<string, string>>>(Headers.Value ?? [])
                : default,
            RetrySchedule = RetrySchedule.IsGiven
                ? new Optional<RetrySchedule?>(Schedule())
                : default,
            Timeout = TimeoutSeconds.IsGiven ? new Optional<TimeSpan?>(Timeout()) : default,
            RateLimitPerSecond = RateLimitPerSecond,
            MaxInFlight = MaxInFlight,
            Disabled = Disabled.Value is { } disabled ? disabled : default(Optional<bool>),
        };

    private IReadOnlyDictionary<string, string> Notes() =>
        Metadata.Value is { Count: > 0 } pairs
            ? pairs.ToDictionary(StringComparer.Ordinal)
            : EndpointMetadata.None;

    private EventTypeFilter Types() => EventTypeFilter.Parse(EventTypes.Value ?? [], out _)!;

    private RetrySchedule? Schedule() =>
        RetrySchedule.Value is { } waits ? Core.RetrySchedule.Parse(waits, out _) : null;

    private TimeSpan? Timeout() =>
        TimeoutSeconds.Value is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
