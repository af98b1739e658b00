using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Has one claim to give, and tells how often it was asked.</summary>
internal sealed class OneClaimQueue(ClaimedDelivery only) : IDeliveryQueue
{
    private readonly TaskCompletionSource[] _asked = [new(), new()];
    private int _times;

    /// <summary>Completes when it is asked for the so manieth time, the first or the second.</summary>
    public Task Received(int times) => _asked[times - 1].Task;

    public async ValueTask<IReadOnlyList<ClaimedDelivery>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    )
    {
        _asked[_times++].TrySetResult();
        if (_times > 1)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return [only];
    }

    public ValueTask EnqueueAsync(
        IReadOnlyList<DueDelivery> deliveries,
        CancellationToken cancellationToken
    ) => ValueTask.CompletedTask;

    public ValueTask CompleteAsync(ClaimedDelivery claim, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public ValueTask PostponeAsync(
        ClaimedDelivery claim,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) => ValueTask.CompletedTask;

    public ValueTask WithdrawAsync(DeliveryKey key, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public ValueTask DeadLetterAsync(
        DueDelivery delivery,
        ReasonCode reason,
        CancellationToken cancellationToken
    ) => ValueTask.CompletedTask;

    public ValueTask<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        new(0);
}
