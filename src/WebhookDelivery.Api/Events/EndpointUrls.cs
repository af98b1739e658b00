using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// The URLs of endpoints, deleted ones included, for one answer: each is looked up once however
/// often it occurs. Not thread-safe.
/// </summary>
internal sealed class EndpointUrls(ITenantStore store, TenantDirectory directory)
{
    private readonly Dictionary<EndpointKey, string?> _found = [];

    /// <summary>The URL; null if the endpoint is gone without trace.</summary>
    public async ValueTask<string?> FindAsync(EndpointKey key, CancellationToken cancellationToken)
    {
        if (!_found.TryGetValue(key, out var url))
        {
            var view = await directory.FindAsync(key.TenantId, cancellationToken);
            url =
                view is not null && view.TryFind(key.EndpointId, out var opened)
                    ? opened.Endpoint.Url
                    : (await store.FindEndpointAsync(key, cancellationToken))?.Url;
            _found.Add(key, url);
        }

        return url;
    }
}
