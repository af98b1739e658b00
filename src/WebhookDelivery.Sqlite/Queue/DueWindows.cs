using System.Diagnostics.CodeAnalysis;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// The deliveries that memory holds, by endpoint, and which endpoints have more in the database.
/// <code>
///   enqueued, due ──▶ Ready ──receive──▶ Claimed ──complete──▶ gone
///        │ no room      ▲ ▲                 │ postpone
///        ▼              │ └── until ── Postponed
///   Overflowing ──read──┘      due later ──▶ NextDueMs ──at that time──▶ Overflowing
/// </code>
/// Invariants: what is open in the database is held, or its endpoint overflows, or its endpoint's
/// <see cref="EndpointWindow.NextDueMs"/> is not later than it is due. Bounded by the number of
/// endpoints and the options, not by the backlog. Not thread-safe: the queue locks.
/// </summary>
internal sealed class DueWindows(SqliteEngineOptions options)
{
    private readonly Dictionary<EndpointKey, EndpointWindow> _windows = [];
    private readonly Dictionary<DeliveryKey, HeldDelivery> _held = [];
    private readonly Queue<EndpointWindow> _ring = new();
    private readonly Queue<EndpointWindow> _refills = new();
    private readonly DueTimes _times = new();
    private readonly RecentReads _reads = new();
    private long _payloadBytes;
    private int _active;

    /// <summary>Deliveries held, over all endpoints.</summary>
    public int Held => _held.Count;

    /// <summary>Endpoints remembered.</summary>
    public int Endpoints => _windows.Count;

    /// <summary>Times remembered, stale ones included.</summary>
    public int Times => _times.Count;

    /// <summary>Payload bytes held.</summary>
    public long PayloadBytes => _payloadBytes;

    /// <summary>Whether there is anything to receive or to read.</summary>
    public bool HasWork => _ring.Count > 0 || _refills.Count > 0;

    /// <summary>When something held or remembered next falls due; <see cref="EndpointWindow.Never"/> if nothing.</summary>
    public long NextTimeMs => _times.Earliest;

    /// <summary>Most deliveries held of one endpoint, as things stand.</summary>
    public int WindowSize =>
        _held.Count >= options.ClaimsMax
            ? SqliteEngineOptions.EndpointWindowMin
            : Math.Clamp(
                options.ClaimsMax / Math.Max(1, _active),
                SqliteEngineOptions.EndpointWindowMin,
                options.EndpointWindowMax
            );

    public void Enqueue(DueDelivery delivery, long nowMs)
    {
        var read = _reads.Includes(delivery);
        if (read == true)
        {
            return;
        }

        var dueMs = delivery.DueAt.ToMs();
        if (_held.TryGetValue(delivery.Key, out var held) && !Supersede(held, delivery, dueMs))
        {
            return;
        }

        var window = Window(delivery.Key.Endpoint);
        if (dueMs > nowMs)
        {
            Schedule(window, dueMs);
        }
        else if (window.Overflowing || window.Reading || window.Held >= WindowSize || read is null)
        {
            // What overflows is read in order of due time, so newcomers do not overtake it.
            window.LeaveOut(dueMs);
            Overflow(window);
        }
        else
        {
            Admit(window, delivery);
        }

        Settle(window);
    }

    /// <summary>Says that the endpoint may have deliveries from a time on that memory does not hold.</summary>
    public void Recheck(EndpointKey endpoint, long dueMs, long nowMs)
    {
        var window = Window(endpoint);
        Recheck(window, dueMs, nowMs);
        Settle(window);
    }

    /// <summary>Moves what has fallen due by now.</summary>
    public void Advance(long nowMs)
    {
        while (_times.TryTake(nowMs, out var item, out var ms))
        {
            if (item is EndpointWindow window && window.NextDueMs == ms)
            {
                window.NextDueMs = EndpointWindow.Never;
                window.LeaveOut(ms);
                Overflow(window);
                Settle(window);
            }
            else if (
                item is HeldDelivery { State: HeldState.Postponed } held
                && held.PostponedUntilMs == ms
            )
            {
                Release(held, nowMs);
            }
        }
    }

    /// <summary>Claims ready deliveries, one of each endpoint in turn.</summary>
    public void Take(int max, List<ClaimedDelivery> claimed)
    {
        while (claimed.Count < max && _ring.TryDequeue(out var window))
        {
            HeldDelivery? held;
            do
            {
                window.Ready.TryDequeue(out held);
            } while (held is { State: HeldState.Dropped });

            if (held is not null)
            {
                held.State = HeldState.Claimed;
                claimed.Add(new ClaimedDelivery(held.Due));
            }

            window.InRing = window.Ready.Count > 0;
            if (window.InRing)
            {
                _ring.Enqueue(window);
            }
            else
            {
                Settle(window);
            }
        }
    }

    public void Complete(DueDelivery due, long nowMs)
    {
        if (!TryFindClaim(due, out var held))
        {
            return;
        }

        Drop(held);
        if (held.RequeuedDueMs is { } dueMs)
        {
            Recheck(held.Window, dueMs, nowMs);
        }

        Settle(held.Window);
    }

    public void Postpone(DueDelivery due, long untilMs, long nowMs)
    {
        if (!TryFindClaim(due, out var held))
        {
            return;
        }

        held.State = HeldState.Postponed;
        held.PostponedUntilMs = untilMs;
        if (untilMs <= nowMs)
        {
            Release(held, nowMs);
        }
        else
        {
            _times.Add(held);
        }
    }

    /// <summary>
    /// Begins to read an endpoint that overflows and has room; false if there is none. Until
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
        || _held.ContainsKey(new(window.Key.TenantId, eventId, window.Key.EndpointId));

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
    /// Deals with an enqueue of a delivery that is held. True if that one gave way, so that the new
    /// one is to be treated as if nothing were held.
    /// </summary>
    private bool Supersede(HeldDelivery held, DueDelivery delivery, long dueMs)
    {
        var stage = held.CompareStage(delivery);
        if (held.State == HeldState.Ready && stage > 0)
        {
            Drop(held);
            return true;
        }

        // A claimed one may be the same stage and yet news: parked and resumed within the lease. The
        // database knows; it is asked when the claim ends.
        if (held.State == HeldState.Claimed || (held.State == HeldState.Postponed && stage > 0))
        {
            held.Requeue(dueMs);
        }

        return false;
    }

    private void Admit(EndpointWindow window, DueDelivery delivery)
    {
        var bytes = delivery.Payload?.Length ?? 0;
        if (
            bytes > options.PayloadInlineBytesMax
            || _payloadBytes + bytes > options.PayloadMemoryBytesMax
        )
        {
            delivery = delivery with { Payload = null };
            bytes = 0;
        }

        var held = new HeldDelivery(window, delivery, bytes);
        _held.Add(delivery.Key, held);
        _payloadBytes += bytes;
        window.Held++;
        MakeReady(held);
    }

    private void MakeReady(HeldDelivery held)
    {
        held.State = HeldState.Ready;
        held.Window.Ready.Enqueue(held);
        if (!held.Window.InRing)
        {
            held.Window.InRing = true;
            _ring.Enqueue(held.Window);
        }
    }

    private void Release(HeldDelivery held, long nowMs)
    {
        if (held.RequeuedDueMs is { } dueMs)
        {
            Drop(held);
            Recheck(held.Window, dueMs, nowMs);
            Settle(held.Window);
        }
        else
        {
            MakeReady(held);
        }
    }

    private void Drop(HeldDelivery held)
    {
        held.State = HeldState.Dropped;
        _held.Remove(held.Due.Key);
        _payloadBytes -= held.PayloadBytes;
        held.Window.Held--;
        if (held.Window.Reading)
        {
            held.Window.EndedDuringRead.Add(held.Due.Key.EventId);
        }
    }

    private bool TryFindClaim(DueDelivery due, [NotNullWhen(true)] out HeldDelivery? held) =>
        _held.TryGetValue(due.Key, out held)
        && held.State == HeldState.Claimed
        && held.CompareStage(due) == 0;

    private void Recheck(EndpointWindow window, long dueMs, long nowMs)
    {
        if (dueMs > nowMs)
        {
            Schedule(window, dueMs);
        }
        else
        {
            window.LeaveOut(dueMs);
            Overflow(window);
        }
    }

    private void Schedule(EndpointWindow window, long dueMs)
    {
        if (dueMs < window.NextDueMs)
        {
            window.NextDueMs = dueMs;
            _times.Add(window);
            _times.ForgetStale(_windows.Values, _held.Values);
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

    // Half-empty windows make reads of a worthwhile size.
    private bool WantsRefill(EndpointWindow window) =>
        window is { Overflowing: true, Reading: false } && window.Held <= WindowSize / 2;

    private EndpointWindow Window(EndpointKey endpoint)
    {
        if (!_windows.TryGetValue(endpoint, out var window))
        {
            window = new EndpointWindow(endpoint);
            _windows.Add(endpoint, window);
        }

        return window;
    }

    /// <summary>Ends every change of a window: counts it, reads it where it may be, or forgets it.</summary>
    private void Settle(EndpointWindow window)
    {
        var active = window.Held > 0 || window.Overflowing || window.Reading;
        if (active != window.Active)
        {
            window.Active = active;
            _active += active ? 1 : -1;
        }

        QueueRefill(window);
        if (!active && !window.InRing && window.NextDueMs == EndpointWindow.Never)
        {
            _windows.Remove(window.Key);
        }
    }
}
