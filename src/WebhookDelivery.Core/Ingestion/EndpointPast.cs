namespace WebhookDelivery.Core;

/// <summary>What an endpoint was when an event was routed, and what it is now.</summary>
/// <param name="Newest">Its newest version.</param>
/// <param name="Then">The version in force at the time; null if there was none, or it is not known.</param>
/// <param name="CameLater">True if the endpoint came only after the event was routed.</param>
internal sealed record EndpointPast(Endpoint Newest, Endpoint? Then, bool CameLater)
{
    /// <summary>
    /// Tells it by routing revisions; by the clock only where a version is older than revisions are kept.
    /// </summary>
    /// <param name="versions">What the store lists of one endpoint, the newest version last.</param>
    /// <param name="posted">The event.</param>
    public static EndpointPast Of(IReadOnlyList<EndpointVersion> versions, Event posted)
    {
        var newest = versions[^1];
        var came = newest.FirstRevision is { } first
            ? first <= posted.RoutingRevision
            : newest.Endpoint.CreatedAt <= posted.CreatedAt;
        var then = came ? versions.LastOrDefault(each => WasInForce(each, posted)) : null;
        return new EndpointPast(newest.Endpoint, then?.Endpoint, !came);
    }

    private static bool WasInForce(EndpointVersion version, Event posted) =>
        version.Revision is { } revision
            ? revision <= posted.RoutingRevision
            : version.Endpoint.UpdatedAt <= posted.CreatedAt;
}
