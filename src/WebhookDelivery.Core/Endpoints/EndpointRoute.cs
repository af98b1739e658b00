namespace WebhookDelivery.Core;

/// <summary>
/// Decides whether an endpoint gets an event, by what the endpoint is, by type, then by payload.
/// Nothing else decides it: not whether the endpoint is disabled.
/// </summary>
public static class EndpointRoute
{
    /// <summary>Judges one event for one endpoint.</summary>
    /// <param name="endpoint">The endpoint, in the version that is to decide.</param>
    /// <param name="source">What caused the event.</param>
    /// <param name="type">Its type; null for none.</param>
    /// <param name="payload">Its payload; looked at only if all else passes.</param>
    public static RouteVerdict Judge(
        Endpoint endpoint,
        EventSource source,
        string? type,
        ReadOnlySpan<byte> payload
    ) =>
        true switch
        {
            _ when endpoint.Operational != (source == EventSource.Operational) =>
                RouteVerdict.OtherSource,
            _ when !endpoint.EventTypes.Matches(type) => RouteVerdict.OtherType,
            _ when endpoint.Filter is { } filter && !filter.Matches(payload) =>
                RouteVerdict.OtherPayload,
            _ => RouteVerdict.Taken,
        };

    /// <summary>Whether all but the payload passes.</summary>
    internal static bool TakesType(Endpoint endpoint, EventSource source, string? type) =>
        endpoint.Operational == (source == EventSource.Operational)
        && endpoint.EventTypes.Matches(type);
}
