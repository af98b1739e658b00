using System.Collections.Concurrent;

namespace WebhookDelivery.Http;

/// <summary>
/// The one deadline of an exchange, joined with its caller's token; dispose it when the exchange is
/// over. Its source and timer serve one exchange after another, where the clock is the system's.
/// </summary>
internal readonly struct Deadline : IDisposable
{
    /// <summary>Most sources that wait to be used again; more are made and dropped.</summary>
    private const int SpareMax = 256;

    private static readonly ConcurrentQueue<CancellationTokenSource> Spare = new();

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly bool _isReusable;

    private Deadline(
        CancellationTokenSource source,
        CancellationTokenRegistration caller,
        bool isReusable
    )
    {
        _source = source;
        _caller = caller;
        _isReusable = isReusable;
    }

    /// <summary>Cancelled when the time is over, or the caller gives up.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Starts one.</summary>
    /// <param name="after">How long from now.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="caller">Ends the exchange earlier.</param>
    public static Deadline Start(
        TimeSpan after,
        TimeProvider timeProvider,
        CancellationToken caller
    )
    {
        var isReusable = timeProvider == TimeProvider.System;
        CancellationTokenSource? source = null;
        if (isReusable && Spare.TryDequeue(out source))
        {
            source.CancelAfter(after);
        }

        source ??= new CancellationTokenSource(after, timeProvider);
        var registration = caller.UnsafeRegister(
            static state => ((CancellationTokenSource)state!).Cancel(),
            source
        );
        return new Deadline(source, registration, isReusable);
    }

    /// <summary>Ends it; the token must not be used any more.</summary>
    public void Dispose()
    {
        // Waits where the caller is cancelling just now: after it, nothing cancels the source but time.
        _caller.Dispose();
        if (_isReusable && Spare.Count < SpareMax && _source.TryReset())
        {
            Spare.Enqueue(_source);
        }
        else
        {
            _source.Dispose();
        }
    }
}
