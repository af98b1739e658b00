using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>The two tables as they are created: keys and indexes, paid by request.</summary>
internal static class TableDefinitions
{
    /// <summary>`{prefix}-Events`; see <see cref="EventsTable"/>. Its time to live is set apart.</summary>
    public static CreateTableRequest Events(AwsEngineOptions options) =>
        new()
        {
            TableName = options.EventsTable,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions =
            [
                Attribute(EventsTable.TenantId, ScalarAttributeType.S),
                Attribute(EventsTable.EventId, ScalarAttributeType.S),
                Attribute(EventsTable.DueKey, ScalarAttributeType.S),
                Attribute(EventsTable.DueAt, ScalarAttributeType.N),
                Attribute(EventsTable.StatusKey, ScalarAttributeType.S),
            ],
            KeySchema = Keys(EventsTable.TenantId, EventsTable.EventId),

            // Keys only: a change of anything else in a delivery then costs its index nothing.
            GlobalSecondaryIndexes =
            [
                Index(
                    EventsTable.DueIndex,
                    Keys(EventsTable.DueKey, EventsTable.DueAt),
                    ProjectionType.KEYS_ONLY
                ),
                Index(
                    EventsTable.StatusIndex,
                    Keys(EventsTable.StatusKey, EventsTable.EventId),
                    ProjectionType.KEYS_ONLY
                ),
            ],
        };

    /// <summary>`{prefix}-Tenants`; see <see cref="TenantsTable"/>.</summary>
    public static CreateTableRequest Tenants(AwsEngineOptions options) =>
        new()
        {
            TableName = options.TenantsTable,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions =
            [
                Attribute(TenantsTable.Pk, ScalarAttributeType.S),
                Attribute(TenantsTable.Sk, ScalarAttributeType.S),
                Attribute(TenantsTable.ListKey, ScalarAttributeType.S),
                Attribute(TenantsTable.ListSort, ScalarAttributeType.S),
            ],
            KeySchema = Keys(TenantsTable.Pk, TenantsTable.Sk),
            GlobalSecondaryIndexes =
            [
                Index(
                    TenantsTable.ListIndex,
                    Keys(TenantsTable.ListKey, TenantsTable.ListSort),
                    ProjectionType.ALL
                ),
            ],
        };

    private static AttributeDefinition Attribute(string name, ScalarAttributeType type) =>
        new(name, type);

    private static List<KeySchemaElement> Keys(string partition, string sort) =>
        [new(partition, KeyType.HASH), new(sort, KeyType.RANGE)];

    private static GlobalSecondaryIndex Index(
        string name,
        List<KeySchemaElement> keys,
        ProjectionType projection
    ) =>
        new()
        {
            IndexName = name,
            KeySchema = keys,
            Projection = new Projection { ProjectionType = projection },
        };
}
