using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>A live tenant as routing and attempts see it. Immutable; a change makes a new view.</summary>
public sealed class TenantView
{
    private readonly OpenedEndpoint[] _endpoints;
    private readonly Dictionary<EndpointId, OpenedEndpoint> _byId;

    internal TenantView(TenantSnapshot snapshot, OpenedEndpoint[] endpoints)
    {
        Tenant = snapshot.Tenant;
        RoutingRevision = snapshot.RoutingRevision;
        _endpoints = endpoints;
        _byId = endpoints.ToDictionary(endpoint => endpoint.Endpoint.Key.EndpointId);
        HasOperational = Array.Exists(endpoints, endpoint => endpoint.Endpoint.Operational);
    }

    /// <summary>The tenant.</summary>
    public Tenant Tenant { get; }

    /// <summary>The revision that this view routes by.</summary>
    public long RoutingRevision { get; }

    /// <summary>Its endpoints that are not deleted, by id.</summary>
    public IReadOnlyList<OpenedEndpoint> Endpoints => _endpoints;

    /// <summary>Whether any of them gets the platform's own events.</summary>
    public bool HasOperational { get; }

    /// <summary>Finds an endpoint that is not deleted.</summary>
    public bool TryFind(EndpointId id, [NotNullWhen(true)] out OpenedEndpoint? endpoint) =>
        _byId.TryGetValue(id, out endpoint);

    /// <summary>
    /// The endpoints that an event of this source and type goes to. Disabled ones are included: what
    /// falls due for them is parked, not lost.
    /// </summary>
    public IReadOnlyList<EndpointId> Route(EventSource source, string? type)
    {
        var operational = source == EventSource.Operational;
        var matching = 0;
        foreach (var endpoint in _endpoints)
        {
            matching += Takes(endpoint.Endpoint, operational, type) ? 1 : 0;
        }

        var routed = new EndpointId[matching];
        var next = 0;
        foreach (var endpoint in _endpoints)
        {
            if (Takes(endpoint.Endpoint, operational, type))
            {
                routed[next++] = endpoint.Endpoint.Key.EndpointId;
            }
        }

        return routed;
    }

    private static bool Takes(Endpoint endpoint, bool operational, string? type) =>
        endpoint.Operational == operational && endpoint.EventTypes.Matches(type);
}
