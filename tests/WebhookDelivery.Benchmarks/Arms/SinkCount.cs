using System.Diagnostics;
using System.Text;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Counts requests and distinct ids, and reads clock and CPU time at the first that is timed and at
/// 95 % of what is expected: start-up and the last stragglers are not part of a rate. Thread-safe.
/// </summary>
internal sealed class SinkCount
{
    private const int ShardCount = 64;

    private readonly HashSet<string>[] _ids = new HashSet<string>[ShardCount];
    private readonly TaskCompletionSource _completed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly SinkExpectation _expectation;
    private readonly long _first;
    private readonly long _last;
    private long _requests;
    private long _distinct;
    private SinkMark _atFirst;
    private SinkMark _atLast;

    public SinkCount(SinkExpectation expectation)
    {
        _expectation = expectation;
        _first = Math.Max(1, expectation.First);
        _last = expectation.Events - expectation.Events / 20;
        for (var i = 0; i < ShardCount; i++)
        {
            // Room from the start: growing a set inside a measurement would cost the sender.
            _ids[i] = new HashSet<string>(expectation.Events / ShardCount * 5 / 4);
        }
    }

    public Task Completed => _completed.Task;

    public void Add(string id)
    {
        Interlocked.Increment(ref _requests);
        var shard = Shard(id);
        lock (shard)
        {
            if (!shard.Add(id))
            {
                return;
            }
        }

        var distinct = Interlocked.Increment(ref _distinct);
        if (distinct == _first)
        {
            _atFirst = Read();
        }
        else if (distinct == _last)
        {
            _atLast = Read();
        }

        if (distinct == _expectation.Events)
        {
            _completed.TrySetResult();
        }
    }

    /// <summary>Compares what was received with a file of ids, one after the other.</summary>
    public async Task<IdsMatch> MatchAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var recorded = new HashSet<string>(bytes.Length / EventIdText.Length);
        for (var at = 0; at + EventIdText.Length <= bytes.Length; at += EventIdText.Length)
        {
            recorded.Add(Encoding.ASCII.GetString(bytes, at, EventIdText.Length));
        }

        return new IdsMatch(recorded.Count, recorded.Count(id => !Has(id)));
    }

    public SinkReport Report()
    {
        var passed = _atLast.Timestamp != 0;
        return new SinkReport(
            Interlocked.Read(ref _requests),
            Interlocked.Read(ref _distinct),
            passed ? _last - _first : 0,
            passed
                ? Stopwatch.GetElapsedTime(_atFirst.Timestamp, _atLast.Timestamp).TotalSeconds
                : 0,
            passed ? _atLast.CpuSeconds - _atFirst.CpuSeconds : 0,
            passed ? _atLast.HelperCpuSeconds - _atFirst.HelperCpuSeconds : 0
        );
    }

    private bool Has(string id)
    {
        var shard = Shard(id);
        lock (shard)
        {
            return shard.Contains(id);
        }
    }

    private HashSet<string> Shard(string id) =>
        _ids[(uint)id.GetHashCode(StringComparison.Ordinal) % ShardCount];

    private SinkMark Read() =>
        new(
            Stopwatch.GetTimestamp(),
            CpuClock.SecondsOf(_expectation.SenderPid),
            CpuClock.SecondsOf(_expectation.HelperPid)
        );
}
