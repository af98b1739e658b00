using WebhookDelivery.Core;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api;

/// <summary>The members of a request to create a tenant, as far as they could be read.</summary>
internal sealed record TenantFields
{
    public Optional<string?> TenantId { get; init; }

    public Optional<string?> Name { get; init; }

    public Optional<string?> TargetUrl { get; init; }

    public Optional<string?> WebhookSecret { get; init; }

    public static TenantFields Read(Fields fields) =>
        new()
        {
            TenantId = fields.Text("tenant_id"),
            Name = fields.Text("name"),
            TargetUrl = fields.Text("target_url"),
            WebhookSecret = fields.Text("webhook_secret"),
        };

    /// <summary>A new tenant; the fields are validated already.</summary>
    public TenantDraft ToDraft() =>
        new()
        {
            Id = Core.TenantId.Parse(TenantId.Value!),
            Name = Name.Value,
            Endpoint = TargetUrl.Value is { } url
                ? new EndpointDraft
                {
                    Url = url,
                    Secret = SigningSecret.TryParse(WebhookSecret.Value, out var secret)
                        ? secret
                        : null,
                }
                : null,
        };
}
