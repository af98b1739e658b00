using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Remembers which deliveries were found by reading the database. A delivery is committed first and
/// enqueued afterwards, by its caller: a read in between finds it, it may be delivered and its claim
/// ended before the enqueue comes, and that would dispatch it again. Not thread-safe: the queue locks.
/// </summary>
internal sealed class RecentReads
{
    /// <summary>
    /// Most deliveries remembered, some 1.3 MB: what is read in a quarter of a second at 30,000 a
    /// second, where an enqueue follows its commit within milliseconds.
    /// </summary>
    public const int Capacity = 8192;

    private readonly Dictionary<DeliveryKey, long> _throughs = new(Capacity);
    private readonly Queue<(DeliveryKey Key, long Through)> _order = new(Capacity);
    private long _lastThrough = -1;
    private long _forgottenThrough = -1;

    /// <summary>Remembers a delivery that was found.</summary>
    /// <param name="key">Which.</param>
    /// <param name="through">The highest commit that the read may have seen.</param>
    public void Add(DeliveryKey key, long through)
    {
        if (_order.Count == Capacity)
        {
            ForgetOldest();
        }

        _lastThrough = Math.Max(_lastThrough, through);
        _throughs[key] = through;
        _order.Enqueue((key, through));
    }

    /// <summary>
    /// Whether a read may have found the delivery as it is enqueued now: false is certain, true also
    /// where it is no longer remembered.
    /// </summary>
    public bool MayInclude(DueDelivery delivery) =>
        delivery.CommitNumber <= _lastThrough
        && (delivery.CommitNumber <= _forgottenThrough || _throughs.ContainsKey(delivery.Key));

    private void ForgetOldest()
    {
        var (key, through) = _order.Dequeue();
        _forgottenThrough = Math.Max(_forgottenThrough, through);
        // It may have been found again since.
        if (_throughs.TryGetValue(key, out var last) && last == through)
        {
            _throughs.Remove(key);
        }
    }
}
