using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// When windows and postponed deliveries fall due, earliest first. Each entry says what its item said
/// when it was made: one that has changed its mind is stale, for the caller to recognise.
/// </summary>
internal sealed class DueTimes
{
    private readonly PriorityQueue<object, long> _times = new();

    public int Count => _times.Count;

    /// <summary>The earliest time, stale or not; <see cref="EndpointWindow.Never"/> if there is none.</summary>
    public long Earliest => _times.TryPeek(out _, out var ms) ? ms : EndpointWindow.Never;

    public void Add(EndpointWindow window) => _times.Enqueue(window, window.NextDueMs);

    public void Add(HeldDelivery postponed) =>
        _times.Enqueue(postponed, postponed.PostponedUntilMs);

    /// <summary>Takes the earliest entry, if it is not after the given time.</summary>
    public bool TryTake(long nowMs, out object? item, out long ms)
    {
        var due = _times.TryPeek(out item, out ms) && ms <= nowMs;
        return due && _times.TryDequeue(out item, out ms);
    }

    /// <summary>
    /// An earlier due time leaves the later entry behind until its own time, perhaps days: once most
    /// entries are such, the heap is made anew of the live ones.
    /// </summary>
    public void ForgetStale(
        Dictionary<LaneKey, EndpointWindow>.ValueCollection windows,
        Dictionary<DeliveryKey, HeldDelivery>.ValueCollection held
    )
    {
        if (_times.Count <= (2 * (windows.Count + held.Count)) + 1024)
        {
            return;
        }

        _times.Clear();
        foreach (var window in windows)
        {
            if (window.NextDueMs != EndpointWindow.Never)
            {
                Add(window);
            }
        }

        foreach (var delivery in held)
        {
            if (delivery.State == HeldState.Postponed)
            {
                Add(delivery);
            }
        }
    }
}
