using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// A queue as the AWS engine has it: messages that outlive the process, leases that end by time, long
/// waits that rest in the store, a sweep that sends again what it takes for lost. A delivery may come
/// twice.
/// </summary>
/// <param name="board">The messages.</param>
/// <param name="events">What is committed.</param>
/// <param name="link">The way to both.</param>
/// <param name="time">The process's clock.</param>
/// <param name="handOuts">Who is told of claims; null for nobody.</param>
internal sealed class LeasedQueue(
    MessageBoard board,
    EventTable events,
    IStoreLink link,
    TimeProvider time,
    IHandOuts? handOuts = null
) : IDeliveryQueue
{
    /// <summary>The longest delay that such a queue takes.</summary>
    private static readonly TimeSpan s_delayMax = TimeSpan.FromMinutes(15);

    /// <summary>How overdue a delivery without a message must be for its message to count as lost.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_pollAtLeastEvery = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();

    public async ValueTask EnqueueAsync(
        IReadOnlyList<DueDelivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        foreach (var due in deliveries)
        {
            var wait = due.DueAt - time.GetUtcNow();
            if (wait > s_delayMax)
            {
                continue;
            }

            try
            {
                await CallAsync("send", due.Key.TenantId, () => board.Add(due, wait));
            }
            catch (StoreUnavailableException)
            {
                // Its due time stands in the store: the sweep sends it.
            }
        }
    }

    public async ValueTask<IReadOnlyList<ClaimedDelivery>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var claims = await link.CallAsync("receive", null, () => Claim(max));
            if (claims.Count > 0)
            {
                return claims;
            }

            await WaitAsync(cancellationToken);
        }
    }

    public async ValueTask CompleteAsync(ClaimedDelivery claim, CancellationToken cancellationToken)
    {
        handOuts?.Ended(claim);
        if (claim.Receipt is not { } receipt)
        {
            return;
        }

        try
        {
            await CallAsync("delete", claim.Due.Key.TenantId, () => board.Delete(receipt));
        }
        catch (StoreUnavailableException)
        {
            // It comes again when its lease ends.
        }
    }

    public async ValueTask PostponeAsync(
        ClaimedDelivery claim,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        if (claim.Receipt is { } receipt && !board.IsCurrent(receipt))
        {
            return;
        }

        var wait = until - time.GetUtcNow();
        wait = wait > s_delayMax ? s_delayMax : wait;
        await CallAsync(
            "send-again",
            claim.Due.Key.TenantId,
            () => board.Add(claim.Due, wait, claim.Postponements + 1)
        );
        await CompleteAsync(claim, cancellationToken);
    }

    public ValueTask WithdrawAsync(DeliveryKey key, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public ValueTask DeadLetterAsync(
        DueDelivery delivery,
        ReasonCode reason,
        CancellationToken cancellationToken
    ) => ValueTask.CompletedTask;

    public ValueTask<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        link.CallAsync(
            "sweep",
            null,
            () =>
            {
                lock (_gate)
                {
                    var lost = events
                        .All.SelectMany(each => each.Deliveries)
                        .Where(each => each.IsOpen && each.Value.NextAttemptAt + s_grace <= now)
                        .Select(each => each.ToDue(each.Value.NextAttemptAt!.Value, false))
                        .Where(each => !board.Has(each))
                        .ToList();
                    lost.ForEach(each => board.Add(each, TimeSpan.Zero));
                    return lost.Count;
                }
            }
        );

    private List<ClaimedDelivery> Claim(int max)
    {
        lock (_gate)
        {
            var claims = board
                .Receive(Math.Min(max, 10))
                .Select(each => new ClaimedDelivery(
                    each.Due,
                    each.Receipt,
                    time.GetUtcNow() + board.Lease,
                    each.Postponements
                ))
                .ToList();
            claims.ForEach(each => handOuts?.HandedOut(each));
            return claims;
        }
    }

    private async ValueTask CallAsync(string call, TenantId tenant, Action effect) =>
        await link.CallAsync(
            call,
            tenant,
            () =>
            {
                lock (_gate)
                {
                    effect();
                    return true;
                }
            }
        );

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TimeSpan wait;
        lock (_gate)
        {
            var next = (board.NextVisibleAt - board.Elapsed) ?? s_pollAtLeastEvery;
            wait = next < s_pollAtLeastEvery ? next : s_pollAtLeastEvery;
            if (wait <= TimeSpan.Zero)
            {
                return;
            }

            board.Announce(waiter);
        }

        await using var timer = time.CreateTimer(
            static waiting => ((TaskCompletionSource)waiting!).TrySetResult(),
            waiter,
            wait,
            Timeout.InfiniteTimeSpan
        );
        using var cancelling = cancellationToken.UnsafeRegister(
            static waiting => ((TaskCompletionSource)waiting!).TrySetResult(),
            waiter
        );
        await waiter.Task;
    }
}
