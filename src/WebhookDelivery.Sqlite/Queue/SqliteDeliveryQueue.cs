using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// The queue of the embedded engine: claims in memory, the backlog in SQLite. Enqueueing and
/// claiming write nothing; receiving reads an endpoint's next window when a quarter of it has gone.
/// A lease lasts until it is completed or postponed, or the process ends.
/// </summary>
internal sealed class SqliteDeliveryQueue : IDeliveryQueue, IDisposable
{
    /// <summary>Most rows that are read at once: some 1.5 ms, during which nothing is received.</summary>
    private const int ReadMax = 256;

    // Timers run on the monotonic clock, due times on the wall clock: look again when that may have
    // been set.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    // Later than a timer fires on a busy machine: the wall clock was set forwards.
    private const int OverdueMs = 1000;

    private readonly Lock _gate = new();
    private readonly DueWindows _windows;
    private readonly Writer _writer;
    private readonly ReaderPool _ownReader;
    private readonly ReaderPool _readers;
    private readonly SqliteEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _armedMs = EndpointWindow.Never;
    private TaskCompletionSource? _waiter;

    /// <summary>Makes a queue over what the database has open.</summary>
    /// <param name="writer">Numbers the commits.</param>
    /// <param name="ownReader">For reading windows; nobody else may hold it up.</param>
    /// <param name="readers">For sweeping.</param>
    /// <param name="open">Lanes with open deliveries.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where reads that fail are told.</param>
    public SqliteDeliveryQueue(
        Writer writer,
        ReaderPool ownReader,
        ReaderPool readers,
        IReadOnlyList<DueReader.OpenLane> open,
        SqliteEngineOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        _writer = writer;
        _ownReader = ownReader;
        _readers = readers;
        _options = options;
        _time = time;
        _logger = logger;
        _windows = new DueWindows(options);
        _timer = time.CreateTimer(
            static queue => ((SqliteDeliveryQueue)queue!).OnTimer(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        Recheck(open);
    }

    /// <summary>How many deliveries memory holds.</summary>
    public int Held
    {
        get
        {
            lock (_gate)
            {
                return _windows.Held;
            }
        }
    }

    /// <summary>How many lanes of endpoints memory remembers.</summary>
    public int Lanes
    {
        get
        {
            lock (_gate)
            {
                return _windows.Lanes;
            }
        }
    }

    public ValueTask EnqueueAsync(
        IReadOnlyList<DueDelivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            var nowMs = NowMs();
            for (var i = 0; i < deliveries.Count; i++)
            {
                _windows.Enqueue(deliveries[i], nowMs);
            }

            OnChange(nowMs);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<IReadOnlyList<ClaimedDelivery>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var claimed = new List<ClaimedDelivery>();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var waited = TakeOrWait(max, claimed);
            if (!waited.IsCompleted)
            {
                await waited.WaitAsync(cancellationToken);
                continue;
            }

            // One read per call, so that a long backlog delays the other endpoints by no more.
            await RefillOneAsync(mayFail: claimed.Count > 0);
            if (claimed.Count > 0)
            {
                TakeMore(max, claimed);
                return claimed;
            }
        }
    }

    public ValueTask CompleteAsync(ClaimedDelivery claim, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var nowMs = NowMs();
            _windows.Complete(claim.Due, nowMs);
            OnChange(nowMs);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask PostponeAsync(
        ClaimedDelivery claim,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            var nowMs = NowMs();
            _windows.Postpone(claim.Due, until.ToMsCeiling(), nowMs);
            OnChange(nowMs);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WithdrawAsync(DeliveryKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var nowMs = NowMs();
            _windows.Withdraw(key, nowMs);
            OnChange(nowMs);
        }

        return ValueTask.CompletedTask;
    }

    // The store is the only queue of dead letters.
    public ValueTask DeadLetterAsync(
        DueDelivery delivery,
        ReasonCode reason,
        CancellationToken cancellationToken
    ) => ValueTask.CompletedTask;

    public async ValueTask<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await _readers.ReadAsync(
            0,
            static (database, _) => DueReader.OpenLanes(database),
            cancellationToken
        );
        Recheck(open);
        return 0;
    }

    public void Dispose() => _timer.Dispose();

    private void Recheck(IReadOnlyList<DueReader.OpenLane> open)
    {
        lock (_gate)
        {
            var nowMs = NowMs();
            foreach (var lane in open)
            {
                _windows.Recheck(lane.Key, lane.FirstDueMs, nowMs);
            }

            OnChange(nowMs);
        }
    }

    /// <summary>
    /// Claims what is ready. Completed if there was something, or something is to be read; otherwise
    /// completes when that changes.
    /// </summary>
    private Task TakeOrWait(int max, List<ClaimedDelivery> claimed)
    {
        lock (_gate)
        {
            var nowMs = NowMs();
            _windows.Advance(nowMs);
            Arm(nowMs);
            _windows.Take(max, claimed);
            if (claimed.Count > 0 || _windows.HasWork)
            {
                return Task.CompletedTask;
            }

            _waiter ??= new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously
            );
            return _waiter.Task;
        }
    }

    private void TakeMore(int max, List<ClaimedDelivery> claimed)
    {
        lock (_gate)
        {
            _windows.Take(max, claimed);
        }
    }

    /// <summary>Reads the next endpoint that wants it, if one does.</summary>
    private async ValueTask RefillOneAsync(bool mayFail)
    {
        if (BeginRead() is not { } read)
        {
            return;
        }

        DueBatch? batch = null;
        try
        {
            // Not cancellable: it is short, and its end must be told to the windows.
            batch = await _ownReader.ReadAsync(
                read.Request,
                DueReader.Read,
                CancellationToken.None
            );
        }
        catch (Exception exception) when (mayFail)
        {
            // It is read again by the next call, which then has nothing else to return.
            Log.DueReadFailed(_logger, exception);
        }
        finally
        {
            lock (_gate)
            {
                var view = new CommitRange(read.Since, _writer.CommitNumber);
                _windows.EndRead(read.Window, batch, view);
                Arm(NowMs());
            }
        }
    }

    private (EndpointWindow Window, DueReader.Request Request, long Since)? BeginRead()
    {
        lock (_gate)
        {
            if (!_windows.TryBeginRead(out var window, out var room))
            {
                return null;
            }

            var payloads = _windows.PayloadBytes < _options.PayloadMemoryBytesMax;
            return (
                window,
                new DueReader.Request(
                    window.Key,
                    NowMs(),
                    Math.Min(room, ReadMax),
                    window.ReadThrough,
                    window.Held,
                    payloads ? _options.PayloadInlineBytesMax : -1,
                    rows => RemoveHeld(window, rows)
                ),
                _writer.Committed
            );
        }
    }

    private void RemoveHeld(EndpointWindow window, List<DuePosition> rows)
    {
        lock (_gate)
        {
            rows.RemoveAll(row => _windows.IsHeldOrEnded(window, row.EventId));
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _armedMs = EndpointWindow.Never;
            var nowMs = NowMs();
            _windows.Advance(nowMs);
            OnChange(nowMs);
        }
    }

    private void OnChange(long nowMs)
    {
        Arm(nowMs);
        if (_waiter is not null && _windows.HasWork)
        {
            _waiter.TrySetResult();
            _waiter = null;
        }
    }

    private void Arm(long nowMs)
    {
        var next = _windows.NextTimeMs;
        if (next == EndpointWindow.Never || (next >= _armedMs && nowMs - _armedMs < OverdueMs))
        {
            return;
        }

        var delay = TimeSpan.FromMilliseconds(Math.Max(1, next - nowMs));
        if (delay > LookInterval)
        {
            delay = LookInterval;
        }

        _armedMs = nowMs + (long)delay.TotalMilliseconds;
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private long NowMs() => _time.GetUtcNow().ToMs();
}
