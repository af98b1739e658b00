using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The members of a request to requeue, as far as they could be read.</summary>
internal sealed record RequeueFields
{
    public const int MaxMessagesDefault = 100;

    public Optional<string?> TenantId { get; init; }

    public Optional<EndpointId?> EndpointId { get; init; }

    public Optional<DateTimeOffset?> Since { get; init; }

    public Optional<DateTimeOffset?> Until { get; init; }

    public Optional<int?> MaxMessages { get; init; }

    public static RequeueFields ReadTenants(Fields fields) =>
        new()
        {
            EndpointId = fields.EndpointId("endpoint_id"),
            Since = fields.Time("since"),
            Until = fields.Time("until"),
            MaxMessages = fields.Integer("max_messages"),
        };

    public static RequeueFields ReadOperators(Fields fields) =>
        new()
        {
            TenantId = fields.Text("tenant_id"),
            EndpointId = fields.EndpointId("endpoint_id"),
            MaxMessages = fields.Integer("max_messages"),
        };

    public RequeueFilter ToFilter(TenantId? tenant) =>
        new()
        {
            TenantId = tenant,
            EndpointId = EndpointId.Value,
            Since = Since.Value,
            Until = Until.Value,
            MaxMessages = MaxMessages.Value ?? MaxMessagesDefault,
        };
}
