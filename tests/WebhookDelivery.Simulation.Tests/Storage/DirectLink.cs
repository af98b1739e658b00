using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>A link that never fails, for as many threads as like.</summary>
internal sealed class DirectLink : IStoreLink
{
    private readonly Lock _gate = new();

    public ValueTask<T> CallAsync<T>(string call, TenantId? tenant, Func<T> effect)
    {
        lock (_gate)
        {
            return new(effect());
        }
    }
}
