using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The memory that one request's body takes, given back when it is disposed. Not thread-safe.</summary>
internal sealed class BodyRoom(BodyMemory memory, TenantId tenant) : IDisposable
{
    private int _taken;

    /// <summary>Sees to it that the body may take so many bytes.</summary>
    /// <exception cref="StoreUnavailableException">It may not, now.</exception>
    public void Cover(int bytes)
    {
        if (bytes > _taken && bytes > BodyMemory.FreeBytes)
        {
            memory.Take(tenant, bytes - _taken);
            _taken = bytes;
        }
    }

    public void Dispose()
    {
        if (_taken > 0)
        {
            memory.Return(tenant, _taken);
            _taken = 0;
        }
    }
}
