using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The members of a request to requeue, as far as they could be read.</summary>
internal sealed record RequeueFields
{
    public const int MaxMessagesDefault = 100;

    public Optional<string?> TenantId { get; init; }

    public Optional<EndpointId?> EndpointId { get; init; }

    public Optional<IReadOnlyList<string>?> EventTypes { get; init; }

    public Optional<IReadOnlyList<string>?> Reasons { get; init; }

    public Optional<DateTimeOffset?> Since { get; init; }

    public Optional<DateTimeOffset?> Until { get; init; }

    public Optional<int?> MaxMessages { get; init; }

    public static RequeueFields Read(Fields fields) =>
        new()
        {
            EndpointId = fields.EndpointId("endpoint_id"),
            EventTypes = fields.Texts("event_types"),
            Reasons = fields.Texts("reasons"),
            Since = fields.Time("since"),
            Until = fields.Time("until"),
            MaxMessages = fields.Integer("max_messages"),
        };

    /// <summary>Those of an operator's request, who may name a tenant as well.</summary>
    public static RequeueFields ReadOperators(Fields fields) =>
        Read(fields) with
        {
            TenantId = fields.Text("tenant_id"),
        };

    /// <summary>The filter that they mean; call it once they are valid.</summary>
    public RequeueFilter ToFilter(TenantId? tenant) =>
        new()
        {
            TenantId = tenant,
            EndpointId = EndpointId.Value,
            EventTypes = EventTypeFilter.Parse(EventTypes.Value ?? [], out _)!,
            Reasons = (Reasons.Value ?? []).Select(Reason).ToHashSet(),
            Since = Since.Value,
            Until = Until.Value,
            MaxMessages = MaxMessages.Value ?? MaxMessagesDefault,
        };

    private static ReasonCode Reason(string code) =>
        ReasonCodes.TryParse(code, out var reason)
            ? reason
            : throw new ArgumentException("Not the name of a reason.", nameof(code));
}
