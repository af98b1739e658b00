using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>An event store that accepts everything but the platform's own events.</summary>
public class RefusedNews : DispatchProxy
{
    private IEventStore _store = null!;
    private Counter _counter = null!;

    /// <summary>Counts what was refused.</summary>
    public sealed class Counter
    {
        private int _count;

        /// <summary>How many events were refused.</summary>
        public int Count => Volatile.Read(ref _count);

        internal void Add() => Interlocked.Increment(ref _count);
    }

    /// <summary>Puts it between a server's ingestion and its store.</summary>
    public static void Put(IServiceCollection services, Counter counter) =>
        services.AddSingleton(provider =>
        {
            var store = Create<IEventStore, RefusedNews>();
            var refusing = (RefusedNews)(object)store;
            refusing._store = provider.GetRequiredService<IEventStore>();
            refusing._counter = counter;
            return ActivatorUtilities.CreateInstance<EventIngestor>(provider, store);
        });

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (args?[0] is EventAppend { Event.Source: EventSource.Operational })
        {
            _counter.Add();
            throw new StoreUnavailableException("The test refuses it.", TimeSpan.FromSeconds(1));
        }

        return targetMethod!.Invoke(_store, args);
    }
}
