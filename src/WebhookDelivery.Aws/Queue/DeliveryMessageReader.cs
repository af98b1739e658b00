using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Reads messages of the queue of due deliveries, and asks the store, with one read, where another
/// message of the same attempt is likely to have been there first. Thread-safe.
/// </summary>
public sealed class DeliveryMessageReader
{
    private readonly DueIndex _index;
    private readonly ClaimNotes _notes;
    private readonly AwsEngineOptions _options;
    private readonly TimeProvider _time;

    internal DeliveryMessageReader(
        DueIndex index,
        ClaimNotes notes,
        AwsEngineOptions options,
        TimeProvider time
    )
    {
        _index = index;
        _notes = notes;
        _options = options;
        _time = time;
    }

    /// <summary>Reads a message that somebody else received, such as a function's event source.</summary>
    /// <param name="body">Its body.</param>
    /// <param name="receiveCount">Its `ApproximateReceiveCount`, from 1.</param>
    /// <param name="leaseEndsAt">When the queue hands it to somebody else.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store had to be asked and did not answer.</exception>
    public ValueTask<DeliveryMessageReading> ReadAsync(
        string body,
        int receiveCount,
        DateTimeOffset leaseEndsAt,
        CancellationToken cancellationToken
    ) => ReadAsync(body, receiveCount, leaseEndsAt, receipt: null, cancellationToken);

    /// <summary>Reads a message that this process received itself.</summary>
    internal async ValueTask<DeliveryMessageReading> ReadAsync(
        string body,
        int receiveCount,
        DateTimeOffset leaseEndsAt,
        string? receipt,
        CancellationToken cancellationToken
    )
    {
        if (!DeliveryMessageCodec.TryRead(body, out var message, out var fault))
        {
            return new DeliveryMessageReading.Malformed(fault);
        }

        if (IsLikelyDuplicate(message, receiveCount))
        {
            DueStanding standing;
            try
            {
                standing = await _index.FindAsync(message.Due, cancellationToken);
            }
            catch (Exception exception)
                when (exception is not (StoreUnavailableException or OperationCanceledException))
            {
                // What is wrong with one delivery's item must not be in the way of the others.
                return new DeliveryMessageReading.Malformed(
                    $"its delivery cannot be read: {exception.GetType().Name}"
                );
            }

            if (standing.IsStale)
            {
                return new DeliveryMessageReading.Stale(message.Due.Key);
            }

            message = message with { HealAt = standing.HealAt };
        }

        var claim = new ClaimedDelivery(message.Due, receipt, leaseEndsAt, message.Postponements);
        _notes.Put(claim, message);
        return new DeliveryMessageReading.Claimed(claim);
    }

    /// <summary>
    /// One that was handed out before, one of which the sender said so, and one so late that the
    /// sweeper has enqueued it again. A first attempt that is late has only waited its turn.
    /// </summary>
    private bool IsLikelyDuplicate(DeliveryMessage message, int receiveCount) =>
        receiveCount > 1
        || message.MustVerify
        || !DueIndex.IsFirst(message.Due)
            && _time.GetUtcNow() > message.Due.DueAt + _options.HealingGrace;
}
