using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>
/// Brings the dead-letter queue in line with the store once an hour: records poison and drops stale
/// messages, but requeues nothing, which is for an operator to ask. Thread-safe.
/// </summary>
internal sealed class DeadLetterSweep(DeadLetterPasses passes, ILogger<DeadLetterSweep> logger)
    : IDeadLetterSweep
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private long _nextTicks;

    /// <summary>
    /// Does one pass of at most 10,000 messages and 30 s if this process has done none for an hour;
    /// otherwise nothing. Many processes at once are harmless.
    /// </summary>
    public async ValueTask SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var next = Interlocked.Read(ref _nextTicks);
        if (
            now.UtcTicks < next
            || Interlocked.CompareExchange(ref _nextTicks, (now + Interval).UtcTicks, next) != next
        )
        {
            return;
        }

        await using var pass = passes.Begin(new DeadLetterScope());
        await pass.CollectAsync(cancellationToken);
        var received = pass.Held;
        var dropped = await pass.SettleAsync(cancellationToken);
        if (received > 0)
        {
            DeadLetterLog.Reconciled(logger, received, dropped);
        }
    }
}
