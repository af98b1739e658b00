using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>What an idempotency key stands for.</summary>
/// <param name="EventId">The event of its first request.</param>
/// <param name="Endpoints">Where that goes.</param>
/// <param name="RoutingRevision">The routing revision that decided so.</param>
/// <param name="BodyHash">What the first request was.</param>
/// <param name="IsDone">Whether the first request is done: the event stored, its deliveries enqueued.</param>
/// <param name="LeaseEndsAt">Until when whoever is at it may be taken for alive.</param>
/// <param name="ExpiresAt">When the key may stand for something else, exclusive.</param>
internal sealed record KeyRecord(
    EventId EventId,
    IReadOnlyList<EndpointId> Endpoints,
    long RoutingRevision,
    ReadOnlyMemory<byte> BodyHash,
    bool IsDone,
    DateTimeOffset LeaseEndsAt,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>Attributes of an idempotency item.</summary>
    internal static class Field
    {
        public const string Event = "evt";
        public const string Endpoints = "to";
        public const string RoutingRevision = "rev";
        public const string BodyHash = "hash";

        /// <summary>`started` or `done`.</summary>
        public const string State = "state";

        /// <summary>End of the lease, ms.</summary>
        public const string Lease = "lease";

        /// <summary>Expiry of the key, ms.</summary>
        public const string Expires = "expires";
    }

    public const string Started = "started";
    public const string Done = "done";

    /// <summary>Reads an idempotency item.</summary>
    public static KeyRecord Read(Dictionary<string, AttributeValue> item) =>
        new(
            EventId.TryParse(item.TextOrNull(Field.Event), out var eventId)
                ? eventId
                : throw new FormatException("Not an idempotency item."),
            item.Endpoints(Field.Endpoints),
            item.Int64(Field.RoutingRevision),
            item.BytesOrNone(Field.BodyHash),
            item.TextOrNull(Field.State) == Done,
            item.Time(Field.Lease),
            item.Time(Field.Expires)
        );

    /// <summary>Writes an idempotency item.</summary>
    public Dictionary<string, AttributeValue> Write(Dictionary<string, AttributeValue> key)
    {
        key.Put(Field.Event, EventId.ToString().ToAttribute());
        key.Put(Field.Endpoints, Attributes.Of(Endpoints));
        key.Put(Field.RoutingRevision, RoutingRevision.ToAttribute());
        key.Put(Field.BodyHash, BodyHash.ToAttribute());
        key.Put(Field.State, (IsDone ? Done : Started).ToAttribute());
        key.Put(Field.Lease, LeaseEndsAt.ToAttribute());
        key.Put(Field.Expires, ExpiresAt.ToAttribute());
        key.Put(EventsTable.Ttl, (ExpiresAt.ToUnixTimeSeconds() + 1).ToAttribute());
        return key;
    }
}
