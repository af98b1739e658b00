using System.Diagnostics;

namespace WebhookDelivery.Benchmarks;

/// <summary>One endpoint's receiver: when each id arrived first, and how long it keeps a sender waiting. Thread-safe.</summary>
internal sealed class Receiver
{
    /// <summary>The delay of a receiver that accepts requests and never answers.</summary>
    public const int Never = -1;

    private const int ShardCount = 64;

    private readonly Dictionary<string, long>[] _arrivals = new Dictionary<string, long>[
        ShardCount
    ];
    private readonly string _name;
    private int _delayMilliseconds;
    private long _requests;
    private long _distinct;
    private long _waiting;

    public Receiver(string name, int delayMilliseconds)
    {
        _name = name;
        _delayMilliseconds = delayMilliseconds;
        for (var i = 0; i < ShardCount; i++)
        {
            _arrivals[i] = new Dictionary<string, long>(StringComparer.Ordinal);
        }
    }

    /// <summary>How long it takes to answer; <see cref="Never"/>, or 0 and more.</summary>
    public int DelayMilliseconds
    {
        get => Volatile.Read(ref _delayMilliseconds);
        set => Volatile.Write(ref _delayMilliseconds, value);
    }

    /// <summary>Notes an arrival and returns when it may be answered.</summary>
    /// <exception cref="OperationCanceledException">The sender gave up.</exception>
    public async ValueTask ReceiveAsync(string id, CancellationToken aborted)
    {
        var now = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _requests);
        var shard = _arrivals[(uint)id.GetHashCode(StringComparison.Ordinal) % ShardCount];
        lock (shard)
        {
            if (shard.TryAdd(id, now))
            {
                Interlocked.Increment(ref _distinct);
            }
        }

        if (DelayMilliseconds is not 0 and var delay)
        {
            Interlocked.Increment(ref _waiting);
            try
            {
                await Task.Delay(delay, aborted);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    public ReceiverCount Count() =>
        new(
            _name,
            Interlocked.Read(ref _requests),
            Interlocked.Read(ref _distinct),
            Interlocked.Read(ref _waiting)
        );

    /// <summary>The first arrival of every id, in <see cref="Stopwatch"/> ticks.</summary>
    public Dictionary<string, long> Receipts()
    {
        var all = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var shard in _arrivals)
        {
            lock (shard)
            {
                foreach (var (id, ticks) in shard)
                {
                    all.Add(id, ticks);
                }
            }
        }

        return all;
    }
}
