using System.Diagnostics.CodeAnalysis;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>How lanes that overflow are read again, and what must not be taken in from such a read.</summary>
internal sealed partial class DueWindows
{
    /// <summary>
    /// Begins to read a lane that overflows and has room; false if there is none. Until
    /// <see cref="EndRead"/>, nothing else is admitted to it.
    /// </summary>
    public bool TryBeginRead([NotNullWhen(true)] out EndpointWindow? window, out int room)
    {
        while (_refills.TryDequeue(out window))
        {
            window.InRefillQueue = false;
            if (WantsRefill(window))
            {
                // From here on, whatever commits after the read's view of the database sets it again.
                window.Overflowing = false;
                window.Reading = true;
                window.BeginRead();
                window.EndedDuringRead.Clear();
                room = WindowSize - window.Held;
                return true;
            }
        }

        room = 0;
        return false;
    }

    /// <summary>Whether a row that the read found is to be left alone.</summary>
    public bool IsHeldOrEnded(EndpointWindow window, EventId eventId) =>
        window.EndedDuringRead.Contains(eventId)
        || _held.ContainsKey(
            new(window.Key.Endpoint.TenantId, eventId, window.Key.Endpoint.EndpointId)
        );

    /// <summary>Takes in what a read found, or with null that it failed.</summary>
    public void EndRead(EndpointWindow window, DueBatch? batch, CommitRange view)
    {
        window.Reading = false;
        window.EndRead(batch is { More: true } ? batch.Through : null);
        foreach (var delivery in batch?.Deliveries ?? [])
        {
            if (!IsHeldOrEnded(window, delivery.Key.EventId))
            {
                Admit(window, delivery);
                _reads.Add(delivery.Key, view);
            }
        }

        if (batch is null || batch.More)
        {
            Overflow(window);
        }
        else if (batch.NextDueMs != EndpointWindow.Never)
        {
            Schedule(window, batch.NextDueMs);
        }

        window.EndedDuringRead.Clear();
        Settle(window);
    }

    /// <summary>
    /// What a read under way saw of a delivery is not taken in; it is read again, as it may be its next
    /// stage that was seen.
    /// </summary>
    private void ForgetReading(DeliveryKey key)
    {
        foreach (var backlog in new[] { false, true })
        {
            var lane = new LaneKey(key.Endpoint, backlog);
            if (_windows.TryGetValue(lane, out var window) && window.Reading)
            {
                window.EndedDuringRead.Add(key.EventId);
                window.LeaveOut(0);
                Overflow(window);
            }
        }
    }

    /// <summary>Keeps reads under way from taking in what they saw of a delivery, in either lane.</summary>
    private static void LeaveAlone(EndpointWindow window, EventId eventId)
    {
        if (window.Reading)
        {
            window.EndedDuringRead.Add(eventId);
        }

        if (window.Other is { Reading: true } other)
        {
            other.EndedDuringRead.Add(eventId);
        }
    }

    private void Overflow(EndpointWindow window)
    {
        window.Overflowing = true;
        QueueRefill(window);
    }

    private void QueueRefill(EndpointWindow window)
    {
        if (!window.InRefillQueue && WantsRefill(window))
        {
            window.InRefillQueue = true;
            _refills.Enqueue(window);
        }
    }

    // A quarter makes a read of a worthwhile size, and leaves enough to go on with while other
    // endpoints are read first.
    private bool WantsRefill(EndpointWindow window) =>
        window is { Overflowing: true, Reading: false } && window.Held <= WindowSize / 4 * 3;
}
