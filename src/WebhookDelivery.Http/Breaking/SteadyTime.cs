namespace WebhookDelivery.Http;

/// <summary>
/// A clock that nobody sets: it shows the time at which it was made and what has passed since on the
/// monotonic clock, so that a wait on it lasts as long as it should. Its times mean nothing to others.
/// </summary>
/// <param name="inner">The clock whose monotonic side and timers it has.</param>
internal sealed class SteadyTime(TimeProvider inner) : TimeProvider
{
    private readonly DateTimeOffset _start = inner.GetUtcNow();
    private readonly long _startTimestamp = inner.GetTimestamp();

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + inner.GetElapsedTime(_startTimestamp);

    /// <inheritdoc/>
    public override long GetTimestamp() => inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    ) => inner.CreateTimer(callback, state, dueTime, period);
}
