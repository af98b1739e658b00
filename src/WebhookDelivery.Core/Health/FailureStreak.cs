namespace WebhookDelivery.Core;

/// <summary>
/// The failures of one endpoint since its last success, as this process saw them. They are those of
/// one version: what came of an older one says nothing of an endpoint that was changed. Thread-safe.
/// </summary>
internal sealed class FailureStreak
{
    private readonly Lock _lock = new();
    private int _version;
    private int _failures;
    private DateTimeOffset _since;
    private bool _isFailing;
    private bool _hasEnded;

    /// <summary>Whether a success has ended it.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _hasEnded;
            }
        }
    }

    /// <summary>Counts a failure.</summary>
    /// <param name="version">The endpoint's version that failed.</param>
    /// <param name="at">When the attempt began.</param>
    /// <param name="options">What makes an endpoint failing.</param>
    /// <returns>Since when the endpoint fails, the first time that it counts as failing; else null.</returns>
    public DateTimeOffset? Add(int version, DateTimeOffset at, EndpointHealthOptions options)
    {
        lock (_lock)
        {
            if (_hasEnded || version < _version)
            {
                return null;
            }

            if (version > _version)
            {
                (_version, _failures, _since, _isFailing) = (version, 0, at, false);
            }

            // Attempts end in another order than they begin.
            _since = at < _since ? at : _since;
            _failures++;
            if (
                _isFailing
                || _failures < options.FailuresInARow
                || at - _since < options.FailingAfter
            )
            {
                return null;
            }

            _isFailing = true;
            return _since;
        }
    }

    /// <summary>Ends it for good. Returns since when the endpoint failed; null if it was not failing yet.</summary>
    public DateTimeOffset? End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            return _isFailing ? _since : null;
        }
    }
}
