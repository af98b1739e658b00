using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// How much memory the payloads of requests take that are being read or stored, of one tenant and of all.
/// Small ones are not counted: the number of connections bounds them. Thread-safe.
/// </summary>
/// <remarks>
/// A body's size is claimed by its sender and its memory taken before it arrives: without this, a tenant
/// could have the server take the largest payload for each connection, and send them slowly.
/// </remarks>
internal sealed class BodyMemory(ApiOptions options)
{
    /// <summary>Bodies up to this size are not counted: 16 KiB.</summary>
    public const int FreeBytes = 16 * 1024;

    /// <summary>What one tenant may take: this part of the whole.</summary>
    private const int TenantShare = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, long> _byTenant = [];
    private long _taken;

    /// <summary>Bytes taken at present.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes room for a body, or says that there is none now.</summary>
    /// <exception cref="StoreUnavailableException">The tenant, or all, have as much as they may.</exception>
    public void Take(TenantId tenant, int bytes)
    {
        lock (_gate)
        {
            var own = _byTenant.GetValueOrDefault(tenant) + bytes;
            var tenantMax = Math.Max(
                options.MaxBufferedBytes / TenantShare,
                options.MaxPayloadBytes
            );
            if (own > tenantMax || _taken + bytes > options.MaxBufferedBytes)
            {
                throw new StoreUnavailableException(
                    "The payloads that are being received have as much memory as they may.",
                    isOneTenants: own > tenantMax
                );
            }

            _byTenant[tenant] = own;
            _taken += bytes;
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(TenantId tenant, int bytes)
    {
        lock (_gate)
        {
            _taken -= bytes;
            var own = _byTenant[tenant] - bytes;
            if (own > 0)
            {
                _byTenant[tenant] = own;
            }
            else
            {
                _byTenant.Remove(tenant);
            }
        }
    }
}
