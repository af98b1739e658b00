using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Remembers which deliveries came from reading the database. A delivery is committed first and
/// enqueued afterwards, by its caller: a read in between takes it in, it may be delivered and its
/// claim ended before the enqueue comes, and that would dispatch it again. Not thread-safe: the queue
/// locks.
/// </summary>
internal sealed class RecentReads
{
    /// <summary>
    /// Most deliveries remembered, about 1 MB: what is read in a quarter of a second at 30,000 a
    /// second, where an enqueue follows its commit within milliseconds.
    /// </summary>
    public const int Capacity = 8192;

    private readonly Dictionary<DeliveryKey, CommitRange> _views = [];
    private readonly Queue<(DeliveryKey Key, CommitRange View)> _order = new();
    private long _lastThrough = -1;
    private long _forgottenThrough = -1;

    /// <summary>Remembers a delivery that a read took in.</summary>
    /// <param name="key">Which.</param>
    /// <param name="view">What the read saw.</param>
    public void Add(DeliveryKey key, CommitRange view)
    {
        if (_order.Count == Capacity)
        {
            ForgetOldest();
        }

        _lastThrough = view.Through;
        _views[key] = view;
        _order.Enqueue((key, view));
    }

    /// <summary>
    /// Whether a read took the delivery in as it is enqueued now: true and false are certain, null
    /// is for the database to say.
    /// </summary>
    public bool? Includes(DueDelivery delivery)
    {
        var number = delivery.CommitNumber;
        if (number > _lastThrough)
        {
            return false;
        }

        if (_views.TryGetValue(delivery.Key, out var view))
        {
            return number > 0 && number <= view.Since ? true : null;
        }

        return number <= _forgottenThrough ? null : false;
    }

    private void ForgetOldest()
    {
        var (key, view) = _order.Dequeue();
        _forgottenThrough = view.Through;
        // It may have been read again since.
        if (_views.TryGetValue(key, out var last) && last == view)
        {
            _views.Remove(key);
        }
    }
}
