using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>A tenant.</summary>
internal sealed record TenantBody
{
    /// <summary>The tenant's id.</summary>
    public required string TenantId { get; init; }

    /// <summary>A name for people; null if there is none.</summary>
    public required string? Name { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public static TenantBody Of(Tenant tenant) =>
        new()
        {
            TenantId = tenant.Id.Value,
            Name = tenant.Name,
            CreatedAt = tenant.CreatedAt,
            UpdatedAt = tenant.UpdatedAt,
        };
}
