namespace WebhookDelivery.Core;

/// <summary>One customer of the platform: the boundary that nothing crosses.</summary>
public sealed record Tenant
{
    /// <summary>Its name in keys and URLs.</summary>
    public required TenantId Id { get; init; }

    /// <summary>1 when created, one more with every change.</summary>
    public required int Version { get; init; }

    /// <summary>A name for people; null if there is none.</summary>
    public string? Name { get; init; }

    /// <summary>Its data key, wrapped.</summary>
    public required TenantDataKey DataKey { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this version came to be.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was deleted; its data is then erased in the background, and last this row.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}
