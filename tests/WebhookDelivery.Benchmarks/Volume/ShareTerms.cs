namespace WebhookDelivery.Benchmarks;

/// <summary>What a healthy tenant beside a flooding one has and does.</summary>
internal sealed record ShareTerms
{
    /// <summary>Endpoints of the flooding tenant; each gets every event that it posts.</summary>
    public const int FloodEndpoints = 8;

    /// <summary>Its attempts at once: the default cap of each endpoint, and of a tenant.</summary>
    public const int FloodMaxInFlight = FloodEndpoints * 32;

    /// <summary>
    /// <c>max_in_flight</c> of the healthy tenant's one endpoint; null: the server's default. A lone
    /// endpoint gets no more than 120 at once, for places are kept for further ones of its tenant.
    /// </summary>
    public int? MaxInFlight { get; init; }

    /// <summary>What it posts; 0 for one that posts nothing and has a backlog.</summary>
    public int PostsPerSecond { get; init; }
}
