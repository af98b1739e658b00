using System.Collections.Concurrent;
using System.Reflection;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>The engine's event store, except that it fails for the tenants that a test names.</summary>
public class FaultyEventStore : DispatchProxy
{
    /// <summary>What to throw, by tenant.</summary>
    internal static ConcurrentDictionary<TenantId, Exception> Faults { get; } = new();

    private IEventStore _inner = null!;

    internal static IEventStore Wrap(IEventStore inner)
    {
        var proxy = Create<IEventStore, FaultyEventStore>();
        ((FaultyEventStore)(object)proxy)._inner = inner;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var tenant = args!
            .Select(argument =>
                argument switch
                {
                    TenantId id => id,
                    EventAppend append => append.Event.TenantId,
                    EventQuery query => query.TenantId,
                    _ => default,
                }
            )
            .FirstOrDefault(id => id != default);
        return Faults.TryGetValue(tenant, out var fault)
            ? throw fault
            : targetMethod!.Invoke(_inner, args);
    }
}
