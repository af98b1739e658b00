using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.EventField;

namespace WebhookDelivery.Aws;

/// <summary>An event item as it was read.</summary>
/// <param name="Event">The event; its payload is empty where <paramref name="InBucket"/>, or if the read left it out.</param>
/// <param name="Endpoints">The endpoints it is routed to, in order.</param>
/// <param name="Added">Endpoints that a delivery was added to later.</param>
/// <param name="InBucket">Whether the payload is in the bucket.</param>
/// <param name="Ttl">When DynamoDB may delete it, Unix seconds.</param>
internal sealed record EventItem(
    Event Event,
    IReadOnlyList<EndpointId> Endpoints,
    IReadOnlyList<EndpointId> Added,
    bool InBucket,
    long Ttl
)
{
    /// <summary>Attributes that a list reads: all but the payload.</summary>
    public static readonly IReadOnlyList<string> ListedFields =
    [
        Field.Type,
        Field.CreatedAt,
        Field.BodyLength,
        Field.Endpoints,
        Field.Added,
        Field.RoutingRevision,
        Field.Source,
        Field.DeliverAt,
        Field.OrderingKey,
        Field.Sequence,
        Field.TraceParent,
    ];

    /// <summary>When its deliveries are first due.</summary>
    public DateTimeOffset FirstDueAt => Event.DeliverAt ?? Event.CreatedAt;

    /// <summary>The payload, if the item holds it; null if it is in the bucket.</summary>
    public ReadOnlyMemory<byte>? InlinePayload =>
        InBucket ? default(ReadOnlyMemory<byte>?) : Event.Payload;

    /// <summary>What a queue carries of a delivery of this event.</summary>
    public DueDelivery Due(Delivery delivery, DateTimeOffset dueAt) =>
        new()
        {
            Key = delivery.Key,
            Generation = delivery.Generation,
            Attempt = delivery.GenerationAttempts + 1,
            DueAt = dueAt,
            Source = delivery.Source,
            Backlog = delivery.Source.IsBacklog(),
            EventType = Event.Type,
            TraceParent = Event.TraceParent,
            Payload = InlinePayload,
        };

    /// <summary>Reads an event item, with whatever of the payload it holds.</summary>
    public static EventItem Read(Dictionary<string, AttributeValue> item)
    {
        if (
            !ItemKeys.TryRead(item, out var tenant, out var eventId, out var delivery)
            || delivery is not null
        )
        {
            throw new FormatException("Not an event item.");
        }

        var @event = new Event
        {
            TenantId = tenant,
            Id = eventId,
            Type = item.TextOrNull(Field.Type),
            CreatedAt = item.Time(Field.CreatedAt),
            Payload = item.BytesOrNone(Field.Body),
            RoutingRevision = item.Int64(Field.RoutingRevision),
            Source = (EventSource)(item.Int64OrNull(Field.Source) ?? 0),
            DeliverAt = item.TimeOrNull(Field.DeliverAt),
            OrderingKey = item.TextOrNull(Field.OrderingKey),
            Sequence = item.Int64OrNull(Field.Sequence),
            TraceParent = item.TextOrNull(Field.TraceParent),
        };
        return new EventItem(
            @event,
            item.Endpoints(Field.Endpoints),
            item.EndpointSet(Field.Added),
            item.ContainsKey(Field.BodyLength),
            item.Int64OrNull(EventsTable.Ttl) ?? 0
        );
    }

    /// <summary>The endpoints whose messages could not be sent; empty for an event without such.</summary>
    public static IReadOnlyList<EndpointId> Unsent(Dictionary<string, AttributeValue> item) =>
        item.Endpoints(Field.Unsent);

    /// <summary>Writes an event item.</summary>
    /// <param name="partition">Where.</param>
    /// <param name="event">The event.</param>
    /// <param name="endpoints">The endpoints it is routed to.</param>
    /// <param name="options">Above how many bytes the payload is in the bucket, and how long it is kept.</param>
    public static Dictionary<string, AttributeValue> Write(
        string partition,
        Event @event,
        IReadOnlyList<EndpointId> endpoints,
        AwsEngineOptions options
    )
    {
        var item = ItemKeys.Of(partition, @event.Id);
        item.Put(Field.Type, @event.Type is { } type ? type.ToAttribute() : null);
        item.Put(Field.CreatedAt, @event.CreatedAt.ToAttribute());
        if (IsInBucket(@event, options))
        {
            item.Put(Field.BodyLength, @event.Payload.Length.ToAttribute());
        }
        else if (!@event.Payload.IsEmpty)
        {
            item.Put(Field.Body, @event.Payload.ToAttribute());
        }

        item.Put(Field.Endpoints, Attributes.Of(endpoints));
        item.Put(Field.RoutingRevision, @event.RoutingRevision.ToAttribute());
        item.Put(
            Field.Source,
            @event.Source == EventSource.Live ? null : ((long)@event.Source).ToAttribute()
        );
        item.Put(Field.DeliverAt, @event.DeliverAt is { } at ? at.ToAttribute() : null);
        item.Put(Field.OrderingKey, @event.OrderingKey is { } key ? key.ToAttribute() : null);
        item.Put(Field.Sequence, @event.Sequence is { } number ? number.ToAttribute() : null);
        item.Put(Field.TraceParent, @event.TraceParent is { } id ? id.ToAttribute() : null);
        var ttl = Lifetimes.OfEvent(@event.DeliverAt ?? @event.CreatedAt, options.Retention);
        item.Put(EventsTable.Ttl, ttl.ToAttribute());
        return item;
    }

    /// <summary>Whether a payload is too large for the item.</summary>
    public static bool IsInBucket(Event @event, AwsEngineOptions options) =>
        @event.Payload.Length > options.ClaimCheckBytes;
}
