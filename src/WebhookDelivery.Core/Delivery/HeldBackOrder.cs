using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>
/// What is held back, whoever needs least first, and of equals whoever waits longest. A binary heap
/// whose items know their position: adding and removing any of them is O(log n) and, once the array
/// has grown, allocates nothing. Not thread-safe.
/// </summary>
internal sealed class HeldBackOrder<T>
    where T : HeldBack
{
    private T[] _heap = [];
    private long _added;

    public int Count { get; private set; }

    /// <summary>Holds an item back until more is free than it needs.</summary>
    public void Add(T item, long needs)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Math.Max(4, 2 * Count));
        }

        item.Needs = needs;
        item.Since = _added++;
        Rise(item, Count++);
    }

    public bool TryPeek([NotNullWhen(true)] out T? first)
    {
        first = Count > 0 ? _heap[0] : null;
        return first is not null;
    }

    public void Remove(T item)
    {
        var position = item.Position;
        item.Position = -1;
        var last = _heap[--Count];
        _heap[Count] = null!;
        if (ReferenceEquals(last, item))
        {
            return;
        }

        if (position > 0 && Precedes(last, _heap[(position - 1) / 2]))
        {
            Rise(last, position);
        }
        else
        {
            Sink(last, position);
        }
    }

    private static bool Precedes(T one, T other) =>
        one.Needs != other.Needs ? one.Needs < other.Needs : one.Since < other.Since;

    private void Rise(T item, int position)
    {
        while (position > 0)
        {
            var parent = (position - 1) / 2;
            if (!Precedes(item, _heap[parent]))
            {
                break;
            }

            Put(_heap[parent], position);
            position = parent;
        }

        Put(item, position);
    }

    private void Sink(T item, int position)
    {
        while (true)
        {
            var child = (2 * position) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && Precedes(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!Precedes(_heap[child], item))
            {
                break;
            }

            Put(_heap[child], position);
            position = child;
        }

        Put(item, position);
    }

    private void Put(T item, int position)
    {
        _heap[position] = item;
        item.Position = position;
    }
}
