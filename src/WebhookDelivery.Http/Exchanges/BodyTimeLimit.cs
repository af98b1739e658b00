namespace WebhookDelivery.Http;

/// <summary>
/// A time limit that costs a timer only once there is something to wait for: most bodies have arrived
/// with their head.
/// </summary>
internal sealed class BodyTimeLimit(TimeProvider timeProvider, TimeSpan timeMax) : IAsyncDisposable
{
    private readonly CancellationTokenSource _source = new();
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;

    public CancellationToken Token => _source.Token;

    /// <summary>Starts the clock, the first time it is called.</summary>
    public void Start(CancellationToken cancellationToken)
    {
        if (_timer is not null)
        {
            return;
        }

        _timer = timeProvider.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(),
            _source,
            timeMax < TimeSpan.Zero ? TimeSpan.Zero : timeMax,
            Timeout.InfiniteTimeSpan
        );
        _registration = cancellationToken.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(),
            _source
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
            await _registration.DisposeAsync();
        }

        _source.Dispose();
    }
}
