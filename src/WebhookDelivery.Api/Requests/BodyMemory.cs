using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// How much memory the payloads of requests take that are being read or stored, of one tenant and of all.
/// Small ones are not counted: the number of connections bounds them. Thread-safe.
/// </summary>
/// <remarks>
/// A body's size is claimed by its sender and its memory taken before it arrives: without this, a tenant
/// could have the server take the largest payload for each connection, and send them slowly. As with
/// places for attempts, a tenant takes more only while it has less than is free, less a sixteenth that is
/// kept for those who have little: so k tenants that take all they can leave one part in k + 1 to others.
/// Little is one payload of the largest size, however many it is made of: whoever begins to send one of
/// unknown length can send it to its end.
/// </remarks>
internal sealed class BodyMemory(ApiOptions options)
{
    /// <summary>Bodies up to this size are not counted: 16 KiB.</summary>
    public const int FreeBytes = 16 * 1024;

    /// <summary>One byte in so many is kept for who has little.</summary>
    private const int KeptPart = 16;

    private readonly long _keptBytes = options.MaxBufferedBytes / KeptPart;
    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, long> _byTenant = [];
    private long _taken;

    /// <summary>Bytes taken at present.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes room for a body, or says that there is none now.</summary>
    /// <exception cref="StoreUnavailableException">
    /// It is not free, or the tenant has as much as is left to others.
    /// </exception>
    public void Take(TenantId tenant, int bytes)
    {
        lock (_gate)
        {
            var own = _byTenant.GetValueOrDefault(tenant);
            var free = options.MaxBufferedBytes - _taken;
            var isItsTurn = own + bytes <= options.MaxPayloadBytes || own < free - _keptBytes;
            if (!isItsTurn || bytes > free)
            {
                throw new StoreUnavailableException(
                    "The payloads that are being received have as much memory as they may.",
                    isOneTenants: !isItsTurn
                );
            }

            _byTenant[tenant] = own + bytes;
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
