using System.Diagnostics.CodeAnalysis;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// The deliveries that memory holds, by endpoint and lane, and which lanes have more in the database. An
/// endpoint's live deliveries and its backlog have a window each, so that neither is read past the other.
/// <code>
///   enqueued, due ──▶ Ready ──receive──▶ Claimed ──complete──▶ gone
///        │ no room      ▲ ▲                 │ postpone
///        ▼              │ └── until ── Postponed
///   Overflowing ──read──┘      due later ──▶ NextDueMs ──at that time──▶ Overflowing
/// </code>
/// Invariants: what is open in the database is held, or its lane overflows, or its lane's
/// <see cref="EndpointWindow.NextDueMs"/> is not later than it is due. Bounded by the number of
/// endpoints and the options, not by the backlog. Not thread-safe: the queue locks.
/// </summary>
internal sealed partial class DueWindows(SqliteEngineOptions options)
{
    private readonly Dictionary<LaneKey, EndpointWindow> _windows = [];
    private readonly Dictionary<DeliveryKey, HeldDelivery> _held = [];
    private readonly Queue<EndpointWindow> _ring = new();
    private readonly Queue<EndpointWindow> _refills = new();
    private readonly DueTimes _times = new();
    private readonly RecentReads _reads = new();
    private long _payloadBytes;
    private int _active;

    /// <summary>Deliveries held, over all endpoints.</summary>
    public int Held => _held.Count;

    /// <summary>Lanes remembered.</summary>
    public int Lanes => _windows.Count;

    /// <summary>Times remembered, stale ones included.</summary>
    public int Times => _times.Count;

    /// <summary>Payload bytes held.</summary>
    public long PayloadBytes => _payloadBytes;

    /// <summary>Whether there is anything to receive or to read.</summary>
    public bool HasWork => _ring.Count > 0 || _refills.Count > 0;

    /// <summary>When something held or remembered next falls due; <see cref="EndpointWindow.Never"/> if nothing.</summary>
    public long NextTimeMs => _times.Earliest;

    /// <summary>Most deliveries held of one lane, as things stand.</summary>
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

        var window = Window(LaneKey.Of(delivery));
        if (delivery.Generation > 1)
        {
            // A read under way may have seen what it was before.
            LeaveAlone(window, delivery.Key.EventId);
        }

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

    /// <summary>
    /// Says that a delivery is no longer what it was: not handed out as that, or marked if it was. What it
    /// has become, if it is still open, is read.
    /// </summary>
    public void Withdraw(DeliveryKey key, long nowMs)
    {
        if (!_held.TryGetValue(key, out var held))
        {
            ForgetReading(key);
        }
        else if (held.State == HeldState.Claimed)
        {
            held.Claim.Withdraw();
        }
        else
        {
            // It may be its next stage that is held, enqueued before word came that the last one is over.
            Drop(held);
            held.Window.LeaveOut(held.Due.DueAt.ToMs());
            Overflow(held.Window);
            if (held.RequeuedDueMs is not null)
            {
                RecheckRequeued(held, nowMs);
            }

            Settle(held.Window);
        }
    }

    /// <summary>Says that a lane may have deliveries from a time on that memory does not hold.</summary>
    public void Recheck(LaneKey lane, long dueMs, long nowMs)
    {
        var window = Window(lane);
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

    /// <summary>Claims ready deliveries, one of each lane in turn.</summary>
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
                claimed.Add(held.Claim);
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
        if (held.RequeuedDueMs is not null)
        {
            RecheckRequeued(held, nowMs);
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
            held.Requeue(delivery, dueMs);
        }

        if (held.State == HeldState.Claimed && stage > 0)
        {
            held.Claim.Withdraw();
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

        var held = new HeldDelivery(window, new ClaimedDelivery(delivery), bytes);
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
        if (held.RequeuedDueMs is not null)
        {
            Drop(held);
            RecheckRequeued(held, nowMs);
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
        LeaveAlone(held.Window, held.Due.Key.EventId);
    }

    private void RecheckRequeued(HeldDelivery held, long nowMs)
    {
        var dueMs = held.RequeuedDueMs!.Value;
        Recheck(held.Window, dueMs, nowMs);
        if (held.IsRequeuedElsewhere)
        {
            var key = held.Window.Key;
            Recheck(key with { Backlog = !key.Backlog }, dueMs, nowMs);
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

    private EndpointWindow Window(LaneKey lane)
    {
        if (!_windows.TryGetValue(lane, out var window))
        {
            window = new EndpointWindow(lane);
            _windows.Add(lane, window);
            if (_windows.TryGetValue(lane with { Backlog = !lane.Backlog }, out var other))
            {
                (window.Other, other.Other) = (other, window);
            }
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
            if (window.Other is { } other)
            {
                other.Other = null;
            }
        }
    }
}
