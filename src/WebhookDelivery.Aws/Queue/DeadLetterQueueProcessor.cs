using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Requeues dead letters, and brings the dead-letter queue in line. The store is the truth: a dead
/// letter whose message was lost is requeued like any other, and a message without a dead letter is
/// dropped, uncounted. Thread-safe; what two runs at once both want is counted by one of them.
/// </summary>
public sealed class DeadLetterQueueProcessor
{
    /// <summary>How long messages are received at most: the store's part is what the caller came for.</summary>
    private static readonly TimeSpan ReceiveMax = TimeSpan.FromMinutes(2);

    /// <summary>Which part of the caller's time may go to receiving.</summary>
    private const int ReceiveShare = 3;

    private readonly DeadLetterPasses _passes;
    private readonly DeadLetterRequeuer _requeuer;
    private readonly TimeProvider _time;
    private readonly ILogger<DeadLetterQueueProcessor> _logger;

    internal DeadLetterQueueProcessor(
        DeadLetterPasses passes,
        DeadLetterRequeuer requeuer,
        TimeProvider time,
        ILogger<DeadLetterQueueProcessor> logger
    )
    {
        _passes = passes;
        _requeuer = requeuer;
        _time = time;
        _logger = logger;
    }

    /// <summary>
    /// Records poison, requeues what the request names, newest event first within a tenant, and drops
    /// the messages that are stale then, up to 10,000. Messages of others, and those that cannot be
    /// read, stay as they are. Idempotent: what a broken run left, the next one does. Poison that was
    /// recorded a moment ago may be missing from the store's lists still; then it is for the next run.
    /// </summary>
    /// <exception cref="StoreUnavailableException">
    /// The store refused. Some may have been requeued; the rest are dead letters still.
    /// </exception>
    public async ValueTask<DeadLetterRun> RunAsync(
        DeadLetterRequest request,
        CancellationToken cancellationToken
    )
    {
        await using var pass = _passes.Begin(ScopeOf(request));
        await pass.CollectAsync(cancellationToken);
        var received = pass.Held;
        var filter = new RequeueFilter
        {
            TenantId = request.TenantId,
            EndpointId = request.EndpointId,
            MaxMessages = request.MaxMessages,
        };
        var result = await _requeuer.RequeueAsync(filter, cancellationToken);
        DeadLetterLog.Requeued(_logger, result.Requeued, result.Failed);
        var dropped = await pass.SettleAsync(cancellationToken);
        DeadLetterLog.Reconciled(_logger, received, dropped);
        return new DeadLetterRun(result.Requeued, result.Failed);
    }

    private DeadLetterScope ScopeOf(DeadLetterRequest request)
    {
        var receiveFor = ReceiveMax;
        if (request.Deadline is { } deadline)
        {
            var share = (deadline - _time.GetUtcNow()) / ReceiveShare;
            receiveFor = share < receiveFor ? share : receiveFor;
        }

        return new DeadLetterScope
        {
            BatchSize = request.BatchSize,
            ReceiveFor = receiveFor,
            TenantId = request.TenantId,
            EndpointId = request.EndpointId,
        };
    }
}
