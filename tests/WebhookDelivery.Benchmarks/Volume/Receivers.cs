using System.Collections.Concurrent;
using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>The tally arm's receivers, made when first named. Thread-safe.</summary>
internal sealed class Receivers
{
    private readonly ConcurrentDictionary<string, Receiver> _byName = new(StringComparer.Ordinal);

    public Receiver Named(string name) =>
        _byName.GetOrAdd(name, static made => new Receiver(made, delayMilliseconds: 0));

    public TallyReport Report() =>
        new(Stopwatch.GetTimestamp(), [.. _byName.Values.Select(receiver => receiver.Count())]);

    /// <summary>The same receivers with the same delays, and nothing counted.</summary>
    public Receivers Anew()
    {
        var anew = new Receivers();
        foreach (var (name, receiver) in _byName)
        {
            anew._byName[name] = new Receiver(name, receiver.DelayMilliseconds);
        }

        return anew;
    }
}
