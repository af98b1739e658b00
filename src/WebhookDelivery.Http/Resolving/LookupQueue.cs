namespace WebhookDelivery.Http;

/// <summary>
/// The lookups that wait for a thread, and who may have one: the oldest whose lane and zone have
/// room. A lane is found when a thread is free, not before, so that a zone that has begun to hang
/// takes what waits for it along. Not thread-safe.
/// </summary>
internal sealed class LookupQueue(ResolverLimits limits, ResolverMemory memory)
{
    private readonly LinkedList<Lookup> _waiting = [];
    private readonly List<Lookup> _running = [];

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>False if the queue is full.</summary>
    public bool TryAdd(Lookup lookup)
    {
        if (_waiting.Count >= limits.WaitingMax)
        {
            return false;
        }

        _waiting.AddLast(lookup);
        return true;
    }

    /// <summary>False if it does not wait: it has its thread, or had it.</summary>
    public bool TryRemove(Lookup lookup) => lookup.Lane is null && _waiting.Remove(lookup);

    /// <summary>The next that may run; it then counts as running. Null if none may.</summary>
    public Lookup? Take(long now)
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            var lookup = node.Value;
            var lane = LaneOf(lookup);
            if (HasRoom(lane, lookup.Zone))
            {
                _waiting.Remove(node);
                _running.Add(lookup);
                lookup.Lane = lane;
                lookup.StartedTimestamp = now;
                return lookup;
            }
        }

        return null;
    }

    /// <summary>Its thread is free again.</summary>
    public void Finish(Lookup lookup) => _running.Remove(lookup);

    private Lane LaneOf(Lookup lookup)
    {
        if (memory.IsProven(lookup.Host))
        {
            return Lane.Proven;
        }

        return
            memory.IsSlow(lookup.Zone)
            || _running.Exists(other => other.Zone == lookup.Zone && memory.IsSlow(other))
            ? Lane.Slow
            : Lane.New;
    }

    private bool HasRoom(Lane lane, string zone)
    {
        var (inLane, inZone) = (0, 0);
        foreach (var lookup in _running)
        {
            inLane += lookup.Lane == lane ? 1 : 0;
            inZone += lookup.Zone == zone ? 1 : 0;
        }

        return inLane < limits.ThreadsMax(lane)
            && inZone < (lane == Lane.Slow ? limits.SlowZoneThreadsMax : limits.ZoneThreadsMax);
    }
}
