using System.Diagnostics.Metrics;

namespace WebhookDelivery.Sqlite;

/// <summary>What the engine counts.</summary>
internal sealed class EngineMetrics : IDisposable
{
    private readonly Meter _meter = new(SqliteEngine.MeterName);
    private readonly Counter<long> _commitsCounter;
    private readonly Counter<long> _operationsCounter;
    private readonly Histogram<int> _batch;
    private long _commits;
    private long _operations;

    public EngineMetrics()
    {
        _commitsCounter = _meter.CreateCounter<long>(
            "webhookdelivery.sqlite.commits",
            "{commit}",
            "Transactions committed, each with one fsync."
        );
        _operationsCounter = _meter.CreateCounter<long>(
            "webhookdelivery.sqlite.operations",
            "{operation}",
            "Operations that those transactions carried."
        );
        _batch = _meter.CreateHistogram<int>(
            "webhookdelivery.sqlite.batch_operations",
            "{operation}",
            "Operations per transaction."
        );
    }

    public long Commits => Volatile.Read(ref _commits);

    public long Operations => Volatile.Read(ref _operations);

    public void Committed(int operations)
    {
        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _operations, operations);
        _commitsCounter.Add(1);
        _operationsCounter.Add(operations);
        _batch.Record(operations);
    }

    public void Dispose() => _meter.Dispose();
}
