using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>A live tenant as routing and attempts see it. Immutable; a change makes a new view.</summary>
public sealed class TenantView
{
    private readonly OpenedEndpoint[] _endpoints;
    private readonly Dictionary<EndpointId, OpenedEndpoint> _byId;

    /// <summary>The fields that its endpoints' filters ask for; null if none has a filter.</summary>
    private readonly FieldTree? _fields;

    internal TenantView(TenantSnapshot snapshot, OpenedEndpoint[] endpoints)
    {
        Tenant = snapshot.Tenant;
        RoutingRevision = snapshot.RoutingRevision;
        _endpoints = endpoints;
        _byId = endpoints.ToDictionary(endpoint => endpoint.Endpoint.Key.EndpointId);
        HasOperational = Array.Exists(endpoints, endpoint => endpoint.Endpoint.Operational);
        var filters = endpoints
            .Select(each => each.Endpoint.Filter)
            .OfType<PayloadFilter>()
            .ToList();
        _fields = filters.Count == 0 ? null : new FieldTree(filters);
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
    /// The endpoints that an event goes to, as <see cref="EndpointRoute.Judge"/> has it for each.
    /// Disabled ones are included: what falls due for them is parked, not lost. The payload is read
    /// once, and only if an endpoint with a filter takes events of this type.
    /// </summary>
    /// <param name="source">What causes the event.</param>
    /// <param name="type">Its type; null for none.</param>
    /// <param name="payload">Its payload.</param>
    public IReadOnlyList<EndpointId> Route(
        EventSource source,
        string? type,
        ReadOnlySpan<byte> payload
    )
    {
        var matching = 0;
        var filtering = false;
        foreach (var endpoint in _endpoints)
        {
            if (EndpointRoute.TakesType(endpoint.Endpoint, source, type))
            {
                matching++;
                filtering |= endpoint.Endpoint.Filter is not null;
            }
        }

        var routed = new EndpointId[matching];
        var next = 0;
        foreach (var endpoint in _endpoints)
        {
            if (EndpointRoute.TakesType(endpoint.Endpoint, source, type))
            {
                routed[next++] = endpoint.Endpoint.Key.EndpointId;
            }
        }

        return filtering ? Filter(routed, payload) : routed;
    }

    private EndpointId[] Filter(EndpointId[] routed, ReadOnlySpan<byte> payload)
    {
        using var values = _fields!.Read(payload);
        var kept = 0;
        foreach (var id in routed)
        {
            if (_byId[id].Endpoint.Filter?.Root.Matches(in values) is not false)
            {
                routed[kept++] = id;
            }
        }

        return routed[..kept];
    }
}
