using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>
/// Runs a handful of claims to their end, for a host that is called with them and must answer soon,
/// such as a function. The dispatcher's rules hold among them; what cannot go now is postponed, not
/// waited for. Thread-safe: each call has a dispatcher of its own.
/// </summary>
public sealed class DeliveryBatch(
    DeliveryRunner runner,
    IDeliveryQueue queue,
    TenantDirectory directory,
    IWebhookSender sender,
    TimeProvider time,
    DeliveryOptions options,
    ILogger<DeliveryBatch> logger,
    ILogger<StorePersistence> persistenceLogger
)
{
    /// <summary>What must be left to record an outcome after the longest attempt.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs them, many at once. An attempt that fails is no failure here: it has scheduled what
    /// follows.
    /// </summary>
    /// <param name="claims">What was received.</param>
    /// <param name="deadline">By when everything must have ended; attempts that might not are postponed.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    /// <returns>
    /// Those that could not be processed for a reason of ours, such as an outage of the store: they are
    /// to be received again.
    /// </returns>
    public async Task<IReadOnlyList<ClaimedDelivery>> RunAsync(
        IReadOnlyList<ClaimedDelivery> claims,
        DateTimeOffset deadline,
        CancellationToken cancellationToken
    )
    {
        using var ending = new CancellationTokenSource(Left(deadline), time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(
            ending.Token,
            cancellationToken
        );
        var dispatcher = new Dispatcher(options, sender);
        var round = new Round(
            dispatcher,
            new StorePersistence(dispatcher, time, persistenceLogger),
            deadline,
            linked.Token
        );
        foreach (var claim in claims)
        {
            await TryAsync(round, claim, () => OfferAsync(round, claim));
        }

        await Task.WhenAll(claims.Select(_ => RunSlotAsync(round)));
        foreach (var (claim, until) in dispatcher.TakeAll(time.GetUtcNow()))
        {
            await TryAsync(
                round,
                claim,
                async () => await queue.PostponeAsync(claim, until, linked.Token)
            );
        }

        return round.Failed;
    }

    private async Task OfferAsync(Round round, ClaimedDelivery claim)
    {
        var limits = await directory.FindEndpointAsync(claim.Due.Key, round.Ending) is { } found
            ? EndpointLimits.Of(found.Endpoint, options)
            : new EndpointLimits(options.MaxInFlightPerEndpoint, null);
        var now = time.GetUtcNow();
        if (!round.Dispatcher.Offer(claim, limits, now))
        {
            await queue.PostponeAsync(claim, now, round.Ending);
        }
    }

    private async Task RunSlotAsync(Round round)
    {
        while (
            Left(round.Deadline) > DeliveryOptions.TimeoutMax + s_margin
            && round.Dispatcher.TryTake(time.GetUtcNow(), out var claim)
        )
        {
            EndpointLimits? limits = null;
            await TryAsync(round, claim, async () => limits = await RunOneAsync(round, claim));
            round.Dispatcher.Release(claim.Due.Key.Endpoint, limits, time.GetUtcNow());
        }
    }

    private async Task<EndpointLimits?> RunOneAsync(Round round, ClaimedDelivery claim)
    {
        var result = await runner.RunAsync(claim, round.Persistence, round.Ending);
        if (result.PostponedUntil is { } until)
        {
            await queue.PostponeAsync(claim, until, round.Ending);
        }

        return result.Limits;
    }

    /// <summary>Does something to a claim; whatever goes wrong is ours, and that claim's alone.</summary>
    private async Task TryAsync(Round round, ClaimedDelivery claim, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            DeliveryLog.RunFailed(logger, exception);
            round.Fail(claim);
        }
    }

    private TimeSpan Left(DateTimeOffset deadline)
    {
        var left = deadline - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>What one call works with.</summary>
    private sealed class Round(
        Dispatcher dispatcher,
        StorePersistence persistence,
        DateTimeOffset deadline,
        CancellationToken ending
    )
    {
        private readonly Lock _lock = new();
        private readonly List<ClaimedDelivery> _failed = [];

        public Dispatcher Dispatcher { get; } = dispatcher;

        public StorePersistence Persistence { get; } = persistence;

        public DateTimeOffset Deadline { get; } = deadline;

        public CancellationToken Ending { get; } = ending;

        public IReadOnlyList<ClaimedDelivery> Failed => _failed;

        public void Fail(ClaimedDelivery claim)
        {
            lock (_lock)
            {
                _failed.Add(claim);
            }
        }
    }
}
