using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>Stand-in like <see cref="MemoryEngine"/>, for tenants, keys and endpoints.</summary>
internal sealed class MemoryTenants : ITenantStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<EndpointKey, Endpoint> _endpoints = [];
    private readonly List<ApiKey> _keys = [];
    private long _revision;

    public ValueTask<bool> CreateAsync(
        Tenant tenant,
        ApiKey key,
        Endpoint? endpoint,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            if (!_tenants.TryAdd(tenant.Id.Value, tenant))
            {
                return new(false);
            }

            _keys.Add(key);
            if (endpoint is not null)
            {
                _endpoints.Add(endpoint.Key, endpoint);
            }

            return new(true);
        }
    }

    public ValueTask<TenantSnapshot?> LoadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return new(
                _tenants.TryGetValue(tenant.Value, out var found)
                    ? new TenantSnapshot(
                        found,
                        [
                            .. _endpoints
                                .Values.Where(each =>
                                    each.Key.TenantId == tenant && each.DeletedAt is null
                                )
                                .OrderBy(each => each.Key.EndpointId),
                        ],
                        _revision
                    )
                    : null
            );
        }
    }

    public ValueTask<IReadOnlyList<Tenant>> ListAsync(
        TenantId? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return new([
                .. _tenants
                    .Values.Where(each =>
                        string.CompareOrdinal(each.Id.Value, after?.Value ?? "") > 0
                    )
                    .Take(limit),
            ]);
        }
    }

    public ValueTask<bool> SaveAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_tenants[tenant.Id.Value].Version != tenant.Version - 1)
            {
                return new(false);
            }

            _tenants[tenant.Id.Value] = tenant;
            if (tenant.DeletedAt is { } at)
            {
                for (var i = 0; i < _keys.Count; i++)
                {
                    _keys[i] =
                        _keys[i].TenantId == tenant.Id
                            ? _keys[i] with
                            {
                                RevokedAt = at,
                            }
                            : _keys[i];
                }
            }

            return new(true);
        }
    }

    public ValueTask RemoveAsync(TenantId tenant, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<ApiKey?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_keys.Find(key => key.Id == keyId));
        }
    }

    public ValueTask<IReadOnlyList<ApiKey>> ListApiKeysAsync(
        TenantId? tenant,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return new([.. _keys.Where(key => key.TenantId == tenant)]);
        }
    }

    public ValueTask SaveApiKeyAsync(ApiKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var index = _keys.FindIndex(each => each.Id == key.Id);
            if (index < 0)
            {
                _keys.Add(key);
            }
            else
            {
                _keys[index] = key;
            }

            return default;
        }
    }

    public ValueTask<Endpoint?> FindEndpointAsync(
        EndpointKey key,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return new(_endpoints.GetValueOrDefault(key));
        }
    }

    public ValueTask<bool> SaveEndpointAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var version = _endpoints.GetValueOrDefault(endpoint.Key)?.Version ?? 0;
            if (version != endpoint.Version - 1)
            {
                return new(false);
            }

            _endpoints[endpoint.Key] = endpoint;
            _revision++;
            return new(true);
        }
    }

    public ValueTask<IReadOnlyList<Endpoint>> ListBacklogActionsAsync(
        int limit,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
