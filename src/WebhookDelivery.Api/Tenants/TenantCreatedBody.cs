namespace WebhookDelivery.Api;

/// <summary>A tenant just created, with what is shown this once.</summary>
internal sealed record TenantCreatedBody
{
    /// <summary>The tenant's id.</summary>
    public required string TenantId { get; init; }

    /// <summary>A name for people; null if there is none.</summary>
    public required string? Name { get; init; }

    /// <summary>Its first API key, shown this once.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Its first endpoint with its secret, shown this once; null if no target_url was given.</summary>
    public required EndpointBody? Endpoint { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
