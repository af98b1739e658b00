using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// The layout of `{prefix}-Events`: names, keys and indexes, and nothing that reads or writes.
/// </summary>
/// <remarks>
/// Items of a tenant's partition, by sort key:
/// <code>
/// evt_…          the event          immutable, but for `dueAt` while its messages are not sent
/// evt_…#ep_…     a delivery         first written with its first outcome
/// </code>
/// and beside it, in partitions of their own, idempotency items (`acme#k0` … `acme#kf`, sort key
/// `idem#…`), rate counters (`acme#rate`, sort key `ep_…#…`) and statistics (`acme#stats`,
/// <see cref="StatisticsItem"/>). Names are short where they count
/// against an item's size, and what an operator reads is text. Times are Unix milliseconds, but for
/// `ttl`, which DynamoDB wants in seconds.
/// </remarks>
internal static class EventsTable
{
    /// <summary>Partition key: the tenant, or `tenant#n` where it has several event shards.</summary>
    public const string TenantId = "tenantId";

    /// <summary>Sort key.</summary>
    public const string EventId = "eventId";

    /// <summary>Expiry, Unix seconds.</summary>
    public const string Ttl = "ttl";

    /// <summary>Index of what must be enqueued unless something else happens before <see cref="DueAt"/>.</summary>
    public const string DueIndex = "due-index";

    /// <summary>Its partition key, `due#n`; absent from what is not open.</summary>
    public const string DueKey = "dueKey";

    /// <summary>Its sort key: when the sweeper acts.</summary>
    public const string DueAt = "dueAt";

    /// <summary>Partitions of <see cref="DueIndex"/>.</summary>
    public const int DueShards = 16;

    /// <summary>Index of unhappy deliveries (FAILED, PARKED, DEAD_LETTER) by tenant and status; its sort key is <see cref="EventId"/>.</summary>
    public const string StatusIndex = "status-index";

    /// <summary>Its partition key, `tenant#STATUS#n`; absent from happy deliveries.</summary>
    public const string StatusKey = "statusKey";

    /// <summary>Partitions of <see cref="StatusIndex"/> for each tenant and status.</summary>
    public const int StatusShards = 4;

    /// <summary>Partitions of a tenant's idempotency items.</summary>
    public const int IdempotencyShards = 16;

    /// <summary>Most event shards that a tenant can have: one for each value of an id's last character.</summary>
    public const int EventShardsMax = 32;

    /// <summary>Attributes of an event item.</summary>
    internal static class EventField
    {
        public const string Type = "type";

        /// <summary>When it was accepted, ms.</summary>
        public const string CreatedAt = "at";

        /// <summary>The payload, binary; absent where it is in the bucket.</summary>
        public const string Body = "body";

        /// <summary>The payload's length where it is in the bucket, under `tenant/evt_…`.</summary>
        public const string BodyLength = "s3";

        /// <summary>The endpoints it is routed to, in order, joined by commas; absent where there are none.</summary>
        public const string Endpoints = "to";

        /// <summary>
        /// Endpoints that a delivery was added to later, a set of ids; each has an item from the beginning.
        /// </summary>
        public const string Added = "also";

        public const string RoutingRevision = "rev";

        /// <summary>Absent for <see cref="EventSource.Live"/>.</summary>
        public const string Source = "src";
        public const string DeliverAt = "later";
        public const string OrderingKey = "okey";
        public const string Sequence = "seq";
        public const string TraceParent = "trace";

        /// <summary>The endpoints whose messages SQS refused, joined by commas; with <see cref="DueAt"/> only.</summary>
        public const string Unsent = "unsent";
    }

    /// <summary>Attributes of a delivery item.</summary>
    internal static class DeliveryField
    {
        /// <summary>The API's name, such as DEAD_LETTER.</summary>
        public const string Status = "status";
        public const string Generation = "gen";

        /// <summary>Attempts made in this generation.</summary>
        public const string GenerationAttempts = "n";

        /// <summary>Attempts made in all generations.</summary>
        public const string Attempts = "tries";

        /// <summary>When the next attempt is due, ms; open deliveries only.</summary>
        public const string NextAttemptAt = "next";

        /// <summary>When the last attempt began, ms.</summary>
        public const string LastAttemptAt = "last";
        public const string LastStatusCode = "code";

        /// <summary>The API's name of the reason.</summary>
        public const string LastReason = "reason";
        public const string UpdatedAt = "upd";

        /// <summary>What started its generation; absent for <see cref="EventSource.Live"/>.</summary>
        public const string Source = "src";

        /// <summary>1 if it was parked and resumed in this generation.</summary>
        public const string Resumed = "back";

        /// <summary>1 if its event was not routed to its endpoint.</summary>
        public const string Added = "added";

        /// <summary>The last 20 attempts, oldest first: a list of binaries.</summary>
        public const string Log = "log";

        /// <summary>The response excerpt of the last attempt, binary.</summary>
        public const string Excerpt = "excerpt";

        /// <summary>The response headers of the last attempt, binary: lines of <c>Name: value</c>.</summary>
        public const string Headers = "hdr";
    }

    /// <summary>Sort key of a delivery.</summary>
    public static string SortKey(DeliveryKey key) => $"{key.EventId}#{key.EndpointId}";

    /// <summary>Partition of an event in a tenant with so many event shards.</summary>
    public static string Partition(TenantId tenant, EventId eventId, int shards) =>
        shards == 1 ? tenant.Value : $"{tenant}#{LastCharacter(eventId) & (shards - 1)}";

    /// <summary>Value of <see cref="DueKey"/>.</summary>
    public static string DueKeyOf(EventId eventId) => DueKeyOf(Scatter(eventId) % DueShards);

    /// <summary>Value of <see cref="DueKey"/> of a shard.</summary>
    public static string DueKeyOf(int shard) => $"due#{shard}";

    /// <summary>Value of <see cref="StatusKey"/>; null for a status that is not indexed.</summary>
    public static string? StatusKeyOf(TenantId tenant, DeliveryStatus status, EventId eventId) =>
        IsUnhappy(status) ? StatusKeyOf(tenant, status, Scatter(eventId) % StatusShards) : null;

    /// <summary>Value of <see cref="StatusKey"/> of a shard.</summary>
    public static string StatusKeyOf(TenantId tenant, DeliveryStatus status, int shard) =>
        $"{tenant}#{status.ToCode()}#{shard}";

    /// <summary>Whether deliveries of this status are in <see cref="StatusIndex"/>.</summary>
    public static bool IsUnhappy(DeliveryStatus status) =>
        status is DeliveryStatus.Failed or DeliveryStatus.Parked or DeliveryStatus.DeadLetter;

    /// <summary>Random bits of the id, of which the last character alone decides the event's shard.</summary>
    private static int Scatter(EventId eventId)
    {
        Span<byte> bytes = stackalloc byte[16];
        eventId.WriteBytes(bytes);
        return bytes[14];
    }

    private static int LastCharacter(EventId eventId)
    {
        Span<byte> bytes = stackalloc byte[16];
        eventId.WriteBytes(bytes);
        return bytes[15] & 31;
    }
}
