using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>An event as it is stored, with its deliveries by endpoint and its attempts.</summary>
internal sealed class StoredRecord
{
    private readonly List<StoredDelivery> _deliveries;

    public StoredRecord(Event @event, IReadOnlyList<EndpointId> endpoints)
    {
        Event = @event;
        _deliveries =
        [
            .. endpoints
                .Order()
                .Select(endpoint => new StoredDelivery(
                    this,
                    new Delivery
                    {
                        Key = new DeliveryKey(@event.TenantId, @event.Id, endpoint),
                        Status = DeliveryStatus.Pending,
                        Generation = 1,
                        GenerationAttempts = 0,
                        Attempts = 0,
                        NextAttemptAt = Milliseconds.Floor(@event.DeliverAt ?? @event.CreatedAt),
                        UpdatedAt = Milliseconds.Floor(@event.CreatedAt),
                    }
                )),
        ];
    }

    public Event Event { get; }

    public IReadOnlyList<StoredDelivery> Deliveries => _deliveries;

    public List<Attempt> Attempts { get; } = [];

    /// <summary>When anything here last changed.</summary>
    public DateTimeOffset UpdatedAt =>
        Deliveries.Count == 0
            ? Event.CreatedAt
            : Deliveries.Max(delivery => delivery.Value.UpdatedAt);

    /// <summary>Adds a delivery, in its place by endpoint.</summary>
    public StoredDelivery Add(Delivery first)
    {
        var added = new StoredDelivery(this, first);
        _deliveries.Add(added);
        _deliveries.Sort((one, other) => one.Key.EndpointId.CompareTo(other.Key.EndpointId));
        return added;
    }

    public StoredEvent Read(bool withPayload) =>
        new(
            withPayload ? Event : Event with { Payload = default },
            [.. Deliveries.Select(delivery => delivery.Value)]
        );
}
