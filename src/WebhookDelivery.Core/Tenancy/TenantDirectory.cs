using System.Collections.Concurrent;

namespace WebhookDelivery.Core;

/// <summary>
/// Tenants, endpoints and API keys as this process knows them: read through to the store and kept
/// for <see cref="TenantDirectoryOptions.CacheFor"/>, or until a change made in this process drops
/// them. Thread-safe; answers without waiting where it has the answer.
/// </summary>
public sealed class TenantDirectory(
    ITenantStore store,
    EndpointVault vault,
    TimeProvider time,
    TenantDirectoryOptions options
)
{
    /// <summary>How far the clock that named an event may be ahead of this one.</summary>
    private static readonly TimeSpan ClockSkewMax = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, Cached<TenantView>> _tenants = new();
    private readonly ConcurrentDictionary<string, Cached<ApiKey>> _keys = new(
        StringComparer.Ordinal
    );
    private readonly Lock _changing = new();
    private long _changes;

    /// <summary>The tenant, or null if there is none or it is deleted.</summary>
    public ValueTask<TenantView?> FindAsync(TenantId tenant, CancellationToken cancellationToken) =>
        _tenants.TryGetValue(tenant, out var cached) && IsFresh(cached)
            ? new(cached.Value)
            : LoadAsync(tenant, cancellationToken);

    /// <summary>
    /// The endpoint of a delivery; null if it is deleted. One that this process has not heard of may
    /// be younger than what it has cached. But it was there when its event came, or when the event was
    /// replayed to it, so that its own id is the younger one: what was read since then, and does not have
    /// it, says that it is gone.
    /// </summary>
    public async ValueTask<OpenedEndpoint?> FindEndpointAsync(
        DeliveryKey key,
        CancellationToken cancellationToken
    )
    {
        var view = await FindAsync(key.TenantId, cancellationToken);
        if (view is not null && view.TryFind(key.EndpointId, out var endpoint))
        {
            return endpoint;
        }

        if (
            !_tenants.TryGetValue(key.TenantId, out var cached)
            || !WasReadSince(cached, Younger(key) + ClockSkewMax)
        )
        {
            view = await LoadAsync(key.TenantId, cancellationToken);
        }

        return view is not null && view.TryFind(key.EndpointId, out endpoint) ? endpoint : null;
    }

    /// <summary>When the younger of a delivery's event and endpoint was made. Both ids are UUIDv7s.</summary>
    private static DateTimeOffset Younger(DeliveryKey key)
    {
        var (@event, endpoint) = (
            key.EventId.CreatedAt,
            new EventId(key.EndpointId.Value).CreatedAt
        );
        return @event > endpoint ? @event : endpoint;
    }

    /// <summary>The key of this id, revoked or not; null if there is none.</summary>
    public ValueTask<ApiKey?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken) =>
        _keys.TryGetValue(keyId, out var cached) && IsFresh(cached)
            ? new(cached.Value)
            : LoadKeyAsync(keyId, cancellationToken);

    /// <summary>Forgets a tenant, as one of its rows has changed. Call it after the change is stored.</summary>
    public void Forget(TenantId tenant) => Drop(_tenants, tenant);

    /// <summary>Forgets an API key. Call it after the change is stored.</summary>
    public void ForgetApiKey(string keyId) => Drop(_keys, keyId);

    private bool IsFresh<T>(Cached<T> cached)
        where T : class =>
        options.CacheFor == Timeout.InfiniteTimeSpan || Age(cached) < options.CacheFor;

    /// <summary>
    /// Whether something was read at that time or later, by its time and by its age: a clock that was
    /// set back makes old news of yesterday's look like tomorrow's, and one that was set forwards
    /// makes what just happened look long ago.
    /// </summary>
    private bool WasReadSince<T>(Cached<T> cached, DateTimeOffset then)
        where T : class => cached.LoadedAt >= then && Age(cached) <= time.GetUtcNow() - then;

    /// <summary>By a clock that nobody sets.</summary>
    private TimeSpan Age<T>(Cached<T> cached)
        where T : class => time.GetElapsedTime(cached.LoadedTimestamp);

    private async ValueTask<TenantView?> LoadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var changes = Interlocked.Read(ref _changes);
        var (loadedAt, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var snapshot = await store.LoadAsync(tenant, cancellationToken);
        if (snapshot is null || snapshot.Tenant.DeletedAt is not null)
        {
            return null;
        }

        var endpoints = new OpenedEndpoint[snapshot.Endpoints.Count];
        for (var i = 0; i < endpoints.Length; i++)
        {
            endpoints[i] = await vault.OpenAsync(
                snapshot.Tenant.DataKey,
                snapshot.Endpoints[i],
                cancellationToken
            );
        }

        var view = new TenantView(snapshot, endpoints);
        Keep(_tenants, tenant, new(view, loadedAt, timestamp), changes);
        return view;
    }

    private async ValueTask<ApiKey?> LoadKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        var changes = Interlocked.Read(ref _changes);
        var (loadedAt, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var key = await store.FindApiKeyAsync(keyId, cancellationToken);
        if (key is not null)
        {
            Keep(_keys, keyId, new(key, loadedAt, timestamp), changes);
        }

        return key;
    }

    private void Keep<TKey, TValue>(
        ConcurrentDictionary<TKey, Cached<TValue>> cache,
        TKey key,
        Cached<TValue> value,
        long changes
    )
        where TKey : notnull
        where TValue : class
    {
        lock (_changing)
        {
            // What was loaded before a change must not be kept after it.
            if (_changes != changes)
            {
                return;
            }

            if (cache.Count >= options.EntriesMax)
            {
                cache.Clear();
            }

            cache[key] = value;
        }
    }

    private void Drop<TKey, TValue>(ConcurrentDictionary<TKey, Cached<TValue>> cache, TKey key)
        where TKey : notnull
        where TValue : class
    {
        lock (_changing)
        {
            _changes++;
            cache.TryRemove(key, out _);
        }
    }

    private sealed record Cached<T>(T Value, DateTimeOffset LoadedAt, long LoadedTimestamp)
        where T : class;
}
