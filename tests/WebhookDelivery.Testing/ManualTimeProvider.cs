namespace WebhookDelivery.Testing;

/// <summary>
/// A clock that stands still until told otherwise. Its timers fire within <see cref="Advance"/>, in
/// the order of their times, on the calling thread. Thread-safe.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan DueTime, TaskCompletionSource Started)> _awaited = [];
    private DateTimeOffset _now;
    private TimeSpan _elapsed;
    private long _order;

    /// <summary>A clock that shows 2026-01-01T00:00:00Z, or the given time.</summary>
    public ManualTimeProvider(DateTimeOffset? start = null) =>
        _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    /// <summary>
    /// Lets time pass, firing the timers that fall due on the way, each at its own time; those that
    /// they start in turn also.
    /// </summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan end;
        lock (_gate)
        {
            end = _elapsed + by;
        }

        while (TakeNext(end) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>
    /// Sets the wall clock, forwards or back, as an operator would: no time passes, and timers keep
    /// what they have left.
    /// </summary>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_gate)
        {
            _now = now;
        }
    }

    /// <summary>How many timers are running.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>Completes once a timer is running that was started with exactly this due time.</summary>
    public Task WaitForTimerAsync(TimeSpan dueTime)
    {
        lock (_gate)
        {
            if (_timers.Exists(timer => timer.DueTime == dueTime))
            {
                return Task.CompletedTask;
            }

            var started = new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously
            );
            _awaited.Add((dueTime, started));
            return started.Task;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock to the next timer, or to the end.</summary>
    private ManualTimer? TakeNext(TimeSpan end)
    {
        lock (_gate)
        {
            var next = _timers
                .Where(timer => timer.DueAt <= end)
                .OrderBy(timer => timer.DueAt)
                .ThenBy(timer => timer.Order)
                .FirstOrDefault();
            var to = next?.DueAt ?? end;
            if (to > _elapsed)
            {
                _now += to - _elapsed;
                _elapsed = to;
            }

            if (next is not null)
            {
                _timers.Remove(next);
                next.Repeat();
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state)
        : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public TimeSpan DueTime { get; private set; }

        public TimeSpan DueAt { get; private set; }

        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Start(dueTime);
                }

                return true;
            }
        }

        public void Repeat()
        {
            if (_period != Timeout.InfiniteTimeSpan && _period > TimeSpan.Zero)
            {
                Start(_period);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
            {
                _disposed = true;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Start(TimeSpan delay)
        {
            DueTime = delay;
            DueAt = time._elapsed + delay;
            Order = ++time._order;
            time._timers.Add(this);
            foreach (var awaited in time._awaited.Where(each => each.DueTime == delay))
            {
                awaited.Started.TrySetResult();
            }
        }
    }
}
