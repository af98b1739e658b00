namespace WebhookDelivery.Core;

/// <summary>
/// Wakes somebody at the earliest of the times it is given, on a timer of the monotonic clock: within
/// <see cref="WaitMax"/> even if the wall clock, by which those times go, is set meanwhile. It may wake
/// early; whoever is woken looks again. Thread-safe.
/// </summary>
internal sealed class WakeTimer : IDisposable
{
    /// <summary>The longest that it waits before somebody looks again.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(1);

    /// <summary>Later than a timer fires on a busy machine: the clock was set forwards.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private readonly ITimer _timer;
    private DateTimeOffset? _firesAt;

    /// <summary>A timer that is not running yet.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="wake">What it does each time, on the timer's thread.</param>
    public WakeTimer(TimeProvider time, Action wake)
    {
        _time = time;
        _wake = wake;
        _timer = time.CreateTimer(
            static timer => ((WakeTimer)timer!).OnTimer(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Wakes at this time, unless it will do so earlier.</summary>
    public void Arm(DateTimeOffset at)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (_firesAt <= at && now < _firesAt + Overdue)
            {
                return;
            }

            var wait = at - now;
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
            wait = wait > WaitMax ? WaitMax : wait;
            _firesAt = now + wait;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Stops it.</summary>
    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_lock)
        {
            _firesAt = null;
        }

        _wake();
    }
}
