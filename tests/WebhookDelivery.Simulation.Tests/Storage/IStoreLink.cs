using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>The way from a process to what keeps its data.</summary>
internal interface IStoreLink
{
    /// <summary>Makes a call, whose effect is all or nothing.</summary>
    /// <param name="call">Its name.</param>
    /// <param name="tenant">Whose data; null for everybody's.</param>
    /// <param name="effect">What it does to the data, at one moment.</param>
    ValueTask<T> CallAsync<T>(string call, TenantId? tenant, Func<T> effect);
}
