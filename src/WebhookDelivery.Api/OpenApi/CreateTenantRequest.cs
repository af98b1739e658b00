namespace WebhookDelivery.Api;

/// <summary>A new tenant.</summary>
internal sealed record CreateTenantRequest
{
    /// <summary>Its id: 3 to 50 lower-case letters, digits and hyphens.</summary>
    public required string TenantId { get; init; }

    /// <summary>A name for people, at most 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>The URL of its first endpoint, which gets every event.</summary>
    public string? TargetUrl { get; init; }

    /// <summary>That endpoint's signing secret; generated if absent.</summary>
    public string? WebhookSecret { get; init; }
}
