using System.Globalization;

namespace WebhookDelivery.Benchmarks;

/// <summary>What a server's runtime has counted since it started.</summary>
/// <param name="AllocatedBytes">Managed bytes allocated.</param>
/// <param name="Collections0">Collections of generation 0 only.</param>
/// <param name="Collections1">Collections of generations 0 and 1.</param>
/// <param name="Collections2">Full collections.</param>
/// <param name="PauseMicroseconds">Time that collections stopped all threads.</param>
/// <param name="LockContentions">How often a thread had to wait for a monitor.</param>
/// <param name="WorkItems">Items that the thread pool has completed.</param>
/// <param name="Exceptions">Exceptions thrown, those caught included.</param>
/// <param name="CompiledMethods">Methods that the JIT has compiled, at any tier.</param>
internal readonly record struct RuntimeCounts(
    long AllocatedBytes,
    long Collections0,
    long Collections1,
    long Collections2,
    long PauseMicroseconds,
    long LockContentions,
    long WorkItems,
    long Exceptions,
    long CompiledMethods
)
{
    /// <summary>Reads what <see cref="RuntimeCounters"/> wrote.</summary>
    public static RuntimeCounts Parse(string text)
    {
        var counts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(number => long.Parse(number, CultureInfo.InvariantCulture))
            .ToArray();
        return new RuntimeCounts(
            counts[0],
            counts[1],
            counts[2],
            counts[3],
            counts[4],
            counts[5],
            counts[6],
            counts[7],
            counts[8]
        );
    }

    public static RuntimeCounts operator -(RuntimeCounts left, RuntimeCounts right) =>
        new(
            left.AllocatedBytes - right.AllocatedBytes,
            left.Collections0 - right.Collections0,
            left.Collections1 - right.Collections1,
            left.Collections2 - right.Collections2,
            left.PauseMicroseconds - right.PauseMicroseconds,
            left.LockContentions - right.LockContentions,
            left.WorkItems - right.WorkItems,
            left.Exceptions - right.Exceptions,
            left.CompiledMethods - right.CompiledMethods
        );
}
