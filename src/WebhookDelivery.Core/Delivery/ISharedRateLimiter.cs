namespace WebhookDelivery.Core;

/// <summary>
/// Port: counts the attempts of endpoints that set a rate, where several processes make them. An
/// engine of one process needs none: the dispatcher keeps the rate. Thread-safe.
/// </summary>
public interface ISharedRateLimiter
{
    /// <summary>
    /// Takes a place for an attempt that is about to begin. Null: it may. Otherwise nothing may be
    /// sent, and asking again makes sense at the given time. One that cannot count (an outage) lets
    /// the attempt through: a limit is not worth a delivery.
    /// </summary>
    /// <param name="endpoint">Whose rate.</param>
    /// <param name="perSecond">The rate, attempts per second, above 0; may be less than 1.</param>
    /// <param name="now">When the attempt would begin.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<DateTimeOffset?> TakeAsync(
        EndpointKey endpoint,
        double perSecond,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );
}
