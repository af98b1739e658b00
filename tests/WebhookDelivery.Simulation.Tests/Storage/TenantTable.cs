using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Tenants, keys and endpoints as they are committed. Each member is one moment.</summary>
/// <param name="committed">Is told of every endpoint as it is from now on; null for nobody.</param>
internal sealed class TenantTable(Action<Endpoint>? committed = null)
{
    private readonly SortedDictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<TenantId, long> _revisions = [];
    private readonly Dictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<EndpointKey, Endpoint> _endpoints = [];
    private readonly VersionTable _versions = new();

    public IEnumerable<Tenant> Tenants => _tenants.Values;

    public RecoveryTable Recoveries { get; } = new();

    public IEnumerable<ApiKey> Keys => _keys.Values;

    /// <summary>Every endpoint, tombstones included.</summary>
    public IEnumerable<Endpoint> Endpoints => _endpoints.Values;

    public Tenant? Find(TenantId id) => _tenants.GetValueOrDefault(id.Value);

    public Endpoint? Find(EndpointKey key) => _endpoints.GetValueOrDefault(key);

    public ApiKey? FindKey(string id) => _keys.GetValueOrDefault(id);

    public TenantSnapshot? Load(TenantId id) =>
        Find(id) is { } tenant
            ? new TenantSnapshot(
                tenant,
                [
                    .. _endpoints
                        .Values.Where(each => each.Key.TenantId == id && each.DeletedAt is null)
                        .OrderBy(each => each.Key.EndpointId),
                ],
                _revisions[id]
            )
            {
                DeletedEndpoints = _endpoints.Values.Count(each =>
                    each.Key.TenantId == id && each.DeletedAt is not null
                ),
            }
            : null;

    public int CountDeleted(TenantId id, DateTimeOffset since) =>
        _endpoints.Values.Count(each => each.Key.TenantId == id && each.DeletedAt >= since);

    public bool Create(Tenant tenant, ApiKey key, Endpoint? endpoint)
    {
        if (!_tenants.TryAdd(tenant.Id.Value, tenant))
        {
            return false;
        }

        _revisions[tenant.Id] = 1;
        _keys[key.Id] = key;
        if (endpoint is not null)
        {
            Set(endpoint);
            _versions.Add(endpoint, ++_revisions[tenant.Id]);
        }

        return true;
    }

    public bool Save(Tenant tenant)
    {
        if (Find(tenant.Id) is not { } stored || stored.Version != tenant.Version - 1)
        {
            return false;
        }

        _tenants[tenant.Id.Value] = tenant;
        if (tenant.DeletedAt is { } deletedAt)
        {
            Bury(tenant.Id, deletedAt);
        }

        return true;
    }

    /// <summary>Gives a data key another wrapping, if it is still as it was seen.</summary>
    public bool Replace(DataKeyReplacement replacement)
    {
        var seen = replacement.Seen;
        if (
            Find(seen.TenantId) is not { } tenant
            || !tenant.DataKey.Wrapped.Span.SequenceEqual(seen.Wrapped.Span)
        )
        {
            return false;
        }

        _tenants[tenant.Id.Value] = tenant with
        {
            Version = tenant.Version + 1,
            DataKey = seen with { Wrapped = replacement.Wrapped },
        };
        return true;
    }

    public void Remove(TenantId id)
    {
        if (Find(id) is { DeletedAt: not null })
        {
            _tenants.Remove(id.Value);
            Recoveries.Erase(id);
            foreach (var key in _keys.Values.Where(each => each.TenantId == id).ToList())
            {
                _keys.Remove(key.Id);
            }

            foreach (var key in _endpoints.Keys.Where(each => each.TenantId == id).ToList())
            {
                _endpoints.Remove(key);
                _versions.Remove(key);
            }
        }
    }

    public void Save(ApiKey key) => _keys[key.Id] = key;

    public bool Save(Endpoint endpoint)
    {
        var before = Find(endpoint.Key);
        if (
            (before?.Version ?? 0) != endpoint.Version - 1
            || (before is not null && before.FailingSince != endpoint.FailingSince)
            || Find(endpoint.Key.TenantId) is not { DeletedAt: null }
            || (endpoint.Version == 1 && IsTaken(endpoint))
        )
        {
            return false;
        }

        Set(endpoint);
        _versions.Add(endpoint, ++_revisions[endpoint.Key.TenantId]);
        return true;
    }

    public IReadOnlyList<EndpointVersion> Versions(TenantId id, long atRevision) =>
        Find(id) is null
            ? []
            :
            [
                .. _endpoints
                    .Values.Where(each => each.Key.TenantId == id)
                    .OrderBy(each => each.Key.EndpointId)
                    .SelectMany(each => _versions.List(each, atRevision)),
            ];

    /// <summary>Gives an endpoint's backlog something else to be owed, if nothing changed since it was seen.</summary>
    public bool Replace(EndpointKey key, int version, BacklogAction seen, BacklogAction next)
    {
        if (
            Find(key) is not { } stored
            || stored.Version != version
            || stored.BacklogAction != seen
        )
        {
            return false;
        }

        Set(stored with { BacklogAction = next });
        return true;
    }

    private bool IsTaken(Endpoint endpoint) =>
        endpoint.ExternalId is not null
        && _endpoints.Values.Any(each =>
            each.Key.TenantId == endpoint.Key.TenantId
            && each.ExternalId == endpoint.ExternalId
            && each.DeletedAt is null
        );

    public bool SetFailingSince(EndpointKey key, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (Find(key) is not { DeletedAt: null } endpoint || endpoint.FailingSince != from)
        {
            return false;
        }

        Set(endpoint with { FailingSince = to });
        return true;
    }

    private void Bury(TenantId id, DateTimeOffset deletedAt)
    {
        foreach (var key in _keys.Values.Where(each => each.TenantId == id).ToList())
        {
            _keys[key.Id] = key with { RevokedAt = key.RevokedAt ?? deletedAt };
        }

        foreach (var endpoint in _endpoints.Values.Where(each => each.Key.TenantId == id).ToList())
        {
            Set(
                endpoint with
                {
                    Version = endpoint.Version + 1,
                    BacklogAction = BacklogAction.None,
                    DeletedAt = endpoint.DeletedAt ?? deletedAt,
                }
            );
        }
    }

    private void Set(Endpoint endpoint)
    {
        _endpoints[endpoint.Key] = endpoint;
        committed?.Invoke(endpoint);
    }
}
