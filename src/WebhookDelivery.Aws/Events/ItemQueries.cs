using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Writes the queries that the event store makes.</summary>
internal static class ItemQueries
{
    /// <summary>An event and its deliveries, consistently: the event first, then by endpoint id.</summary>
    public static QueryRequest OfEvent(
        string table,
        string partition,
        EventId eventId,
        IReadOnlyList<string>? fields
    ) =>
        Of(
            new QueryRequest
            {
                TableName = table,
                ConsistentRead = true,
                KeyConditionExpression = "#p = :p AND begins_with(#s, :s)",
            },
            EventsTable.TenantId,
            partition,
            new() { [":s"] = eventId.ToString().ToAttribute() },
            fields
        );

    /// <summary>A range of a partition of the table.</summary>
    public static QueryRequest OfPartition(
        string table,
        string partition,
        KeyRange range,
        IReadOnlyList<string>? fields
    ) =>
        Of(
            new QueryRequest
            {
                TableName = table,
                KeyConditionExpression = "#p = :p AND #s BETWEEN :low AND :high",
            },
            EventsTable.TenantId,
            partition,
            Bounds(range),
            fields
        );

    /// <summary>Everything in a partition of the table, its keys only.</summary>
    public static QueryRequest OfAll(string table, string partition) =>
        new()
        {
            TableName = table,
            KeyConditionExpression = "#p = :p",
            ProjectionExpression = "#p, #s",
            ExpressionAttributeNames = new()
            {
                ["#p"] = EventsTable.TenantId,
                ["#s"] = EventsTable.EventId,
            },
            ExpressionAttributeValues = new() { [":p"] = partition.ToAttribute() },
        };

    /// <summary>A range of a shard of the index of unhappy deliveries, newest event first.</summary>
    public static QueryRequest OfStatus(
        string table,
        TenantId tenant,
        DeliveryStatus status,
        int shard,
        KeyRange range
    ) =>
        Of(
            new QueryRequest
            {
                TableName = table,
                IndexName = EventsTable.StatusIndex,
                ScanIndexForward = false,
                KeyConditionExpression = "#p = :p AND #s BETWEEN :low AND :high",
            },
            EventsTable.StatusKey,
            EventsTable.StatusKeyOf(tenant, status, shard),
            Bounds(range),
            fields: null
        );

    private static Dictionary<string, AttributeValue> Bounds(KeyRange range) =>
        new() { [":low"] = range.Low.ToAttribute(), [":high"] = range.High.ToAttribute() };

    private static QueryRequest Of(
        QueryRequest request,
        string partitionField,
        string partition,
        Dictionary<string, AttributeValue> values,
        IReadOnlyList<string>? fields
    )
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (fields is not null)
        {
            (request.ProjectionExpression, names) = ReadFields.Of(fields);
        }

        names["#p"] = partitionField;
        names["#s"] = EventsTable.EventId;
        values[":p"] = partition.ToAttribute();
        request.ExpressionAttributeNames = names;
        request.ExpressionAttributeValues = values;
        return request;
    }
}
