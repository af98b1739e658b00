using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// The messages of a queue that several processes share, on a clock that nobody sets. It gives a
/// message to one consumer until a lease ends; then it gives it to another. Where it is told to, it
/// keeps two copies of a message or loses a deletion, as such queues may.
/// </summary>
/// <param name="elapsed">The clock.</param>
/// <param name="lease">How long a receipt is good for.</param>
/// <param name="mishap">Whether something goes wrong now; asked at each chance.</param>
internal sealed class MessageBoard(Func<TimeSpan> elapsed, TimeSpan lease, Func<bool> mishap)
{
    private readonly List<QueuedMessage> _messages = [];
    private readonly List<TaskCompletionSource> _waiters = [];
    private int _receipts;

    public TimeSpan Lease => lease;

    public TimeSpan Elapsed => elapsed();

    public int Count => _messages.Count;

    public bool Has(DueDelivery due) => _messages.Exists(each => each.IsOf(due));

    public void Add(DueDelivery due, TimeSpan wait, int postponements = 0)
    {
        var visibleAt = elapsed() + (wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        _messages.Add(new QueuedMessage(due, postponements, visibleAt));
        if (mishap())
        {
            _messages.Add(new QueuedMessage(due, postponements, visibleAt));
        }

        _waiters.ForEach(each => each.TrySetResult());
        _waiters.Clear();
    }

    /// <summary>Receives what is visible, at most so many.</summary>
    public List<QueuedMessage> Receive(int max)
    {
        var now = elapsed();
        var received = _messages.Where(each => each.VisibleAt <= now).Take(max).ToList();
        foreach (var message in received)
        {
            message.VisibleAt = now + lease;
            message.Receipt = $"receipt-{++_receipts}";
        }

        return received;
    }

    /// <summary>Whether this is the last receipt of a message that is there.</summary>
    public bool IsCurrent(string receipt) => _messages.Exists(each => each.Receipt == receipt);

    /// <summary>Deletes a message, if this is its last receipt.</summary>
    public void Delete(string receipt)
    {
        if (!mishap())
        {
            _messages.RemoveAll(each => each.Receipt == receipt);
        }
    }

    /// <summary>When something may become visible; null if there is nothing.</summary>
    public TimeSpan? NextVisibleAt =>
        _messages.Count == 0 ? null : _messages.Min(each => each.VisibleAt);

    /// <summary>Has the waiter told of the next message that is added.</summary>
    public void Announce(TaskCompletionSource waiter) => _waiters.Add(waiter);
}
