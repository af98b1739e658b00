using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Events, deliveries, attempts and keys as they are committed. Each member is one moment.</summary>
/// <param name="settlesAtOnce">
/// Whether a key and its event are one write. If not, as where no transaction spans them, a key is
/// there first and replays only once it is settled.
/// </param>
internal sealed class EventTable(bool settlesAtOnce)
{
    private readonly Dictionary<TenantId, SortedDictionary<EventId, StoredRecord>> _events = [];
    private readonly Dictionary<EndpointKey, List<StoredDelivery>> _byEndpoint = [];
    private readonly Dictionary<(TenantId, string), StoredKey> _keys = [];

    public bool SettlesAtOnce => settlesAtOnce;

    /// <summary>What happened, by hour.</summary>
    public StatisticsTable Statistics { get; } = new();

    /// <summary>Every event, in the order of tenants and ids.</summary>
    public IEnumerable<StoredRecord> All =>
        _events
            .OrderBy(each => each.Key.Value, StringComparer.Ordinal)
            .SelectMany(each => each.Value.Values);

    /// <summary>Every endpoint with a delivery, in the order of their first.</summary>
    public IEnumerable<EndpointKey> Endpoints => _byEndpoint.Keys;

    /// <summary>An endpoint's deliveries, oldest event first appended.</summary>
    public IReadOnlyList<StoredDelivery> Of(EndpointKey endpoint) =>
        _byEndpoint.TryGetValue(endpoint, out var found) ? found : [];

    public StoredRecord? Find(TenantId tenant, EventId id) =>
        _events.TryGetValue(tenant, out var events) && events.TryGetValue(id, out var found)
            ? found
            : null;

    public StoredDelivery? Find(DeliveryKey key) =>
        Find(key.TenantId, key.EventId)
            ?.Deliveries.FirstOrDefault(each => each.Key.EndpointId == key.EndpointId);

    /// <summary>A tenant's events, newest first.</summary>
    public IEnumerable<StoredRecord> NewestFirst(TenantId tenant) =>
        _events.TryGetValue(tenant, out var events) ? events.Values.Reverse() : [];

    /// <summary>Takes the key for the event; null if it is taken, otherwise the answer it stands for.</summary>
    public AppendResult? Claim(EventAppend append)
    {
        if (append.Idempotency is not { } claim)
        {
            return null;
        }

        var name = (append.Event.TenantId, claim.Key);
        if (!_keys.TryGetValue(name, out var stored) || stored.ExpiresAt <= append.Event.CreatedAt)
        {
            _keys[name] = new StoredKey(
                append.Event.Id,
                append.Endpoints,
                claim.BodyHash,
                Milliseconds.Floor(claim.ExpiresAt),
                settlesAtOnce
            );
            return null;
        }

        return true switch
        {
            _ when !stored.BodyHash.Span.SequenceEqual(claim.BodyHash.Span) =>
                new AppendResult.KeyReused(),
            _ when stored.EventId == append.Event.Id || !stored.IsSettled =>
                new AppendResult.Appended(stored.EventId, stored.Endpoints),
            _ => new AppendResult.Replayed(stored.EventId, stored.Endpoints),
        };
    }

    /// <summary>Stores an event, unless it is there already.</summary>
    public AppendResult Insert(Event @event, IReadOnlyList<EndpointId> endpoints)
    {
        if (!_events.TryGetValue(@event.TenantId, out var events))
        {
            events = [];
            _events.Add(@event.TenantId, events);
        }

        if (!events.ContainsKey(@event.Id))
        {
            var record = new StoredRecord(@event, endpoints);
            events.Add(@event.Id, record);
            foreach (var delivery in record.Deliveries)
            {
                Know(delivery);
            }
        }

        return new AppendResult.Appended(@event.Id, endpoints);
    }

    /// <summary>Adds a delivery to an event; null if there is no such event, or such a delivery.</summary>
    public StoredDelivery? Add(Delivery first)
    {
        var record = Find(first.Key.TenantId, first.Key.EventId);
        if (record is null || Find(first.Key) is not null)
        {
            return null;
        }

        var added = record.Add(first);
        Know(added);
        return added;
    }

    public void Settle(TenantId tenant, IdempotencyClaim claim, EventId eventId)
    {
        if (_keys.TryGetValue((tenant, claim.Key), out var stored) && stored.EventId == eventId)
        {
            _keys[(tenant, claim.Key)] = stored with { IsSettled = true };
        }
    }

    /// <summary>Deletes events with all that belongs to them.</summary>
    public int Delete(IReadOnlyList<StoredRecord> records)
    {
        foreach (var record in records)
        {
            _events[record.Event.TenantId].Remove(record.Event.Id);
            foreach (var delivery in record.Deliveries)
            {
                _byEndpoint[delivery.Key.Endpoint].Remove(delivery);
            }
        }

        return records.Count;
    }

    /// <summary>Deletes keys; returns how many.</summary>
    public int DeleteKeys(Func<TenantId, StoredKey, bool> which)
    {
        var gone = _keys.Where(each => which(each.Key.Item1, each.Value)).ToList();
        gone.ForEach(each => _keys.Remove(each.Key));
        return gone.Count;
    }

    private void Know(StoredDelivery delivery)
    {
        if (!_byEndpoint.TryGetValue(delivery.Key.Endpoint, out var known))
        {
            known = [];
            _byEndpoint.Add(delivery.Key.Endpoint, known);
        }

        known.Add(delivery);
    }
}
