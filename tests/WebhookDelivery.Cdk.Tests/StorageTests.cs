using System.Text.Json.Nodes;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>Tables, bucket, key: nothing in them is lost by accident, or lies open.</summary>
public sealed class StorageTests
{
    private static readonly string[] s_kept =
    [
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::KMS::Key",
        "AWS::KMS::Alias",
        "AWS::SQS::Queue",
    ];

    [Theory]
    [InlineData("StorageTenants", "webhooks-Tenants", "pk", "sk")]
    [InlineData("StorageEvents", "webhooks-Events", "tenantId", "eventId")]
    public void Table_Usual_IsDurableAndEncrypted(
        string id,
        string name,
        string partitionKey,
        string sortKey
    )
    {
        var table = StackTemplate.Usual.Properties("AWS::DynamoDB::Table", id);

        Assert.Equal(name, (string?)table["TableName"]);
        Assert.Equal($"{partitionKey} S, {sortKey} S", Keys(table, table["KeySchema"]!));
        Assert.Equal("PAY_PER_REQUEST", (string?)table["BillingMode"]);
        Assert.True(
            (bool)table["PointInTimeRecoverySpecification"]!["PointInTimeRecoveryEnabled"]!
        );
        Assert.True((bool)table["DeletionProtectionEnabled"]!);
        Assert.True((bool)table["SSESpecification"]!["SSEEnabled"]!);
        Assert.Equal("ttl", (string?)table["TimeToLiveSpecification"]!["AttributeName"]);
        Assert.True((bool)table["TimeToLiveSpecification"]!["Enabled"]!);
    }

    [Fact]
    public void Indexes_Usual_AreTheEngines()
    {
        Assert.Equal(["list-index: listKey S, listSort S, ALL"], Indexes("StorageTenants"));
        Assert.Equal(
            [
                "due-index: dueKey S, dueAt N, KEYS_ONLY",
                "status-index: statusKey S, eventId S, KEYS_ONLY",
            ],
            Indexes("StorageEvents")
        );
    }

    [Fact]
    public void TenantsTable_Names_AreWhatTheEngineCallsThem()
    {
        var table = StackTemplate.Usual.Properties("AWS::DynamoDB::Table", "StorageTenants");
        var list = table["GlobalSecondaryIndexes"]![0]!;
        string?[] names =
        [
            (string?)table["KeySchema"]![0]!["AttributeName"],
            (string?)table["KeySchema"]![1]!["AttributeName"],
            (string?)list["IndexName"],
            (string?)list["KeySchema"]![0]!["AttributeName"],
            (string?)list["KeySchema"]![1]!["AttributeName"],
        ];

        Assert.Equal(
            new[] { "Pk", "Sk", "ListIndex", "ListKey", "ListSort" }.Select(each =>
                Engine(each, "TenantsTable")
            ),
            names
        );
    }

    [Fact]
    public void EventsTable_Names_AreWhatTheEngineCallsThem()
    {
        var table = StackTemplate.Usual.Properties("AWS::DynamoDB::Table", "StorageEvents");
        var due = table["GlobalSecondaryIndexes"]![0]!;
        var status = table["GlobalSecondaryIndexes"]![1]!;

        Assert.Equal(Engine("TenantId"), (string?)table["KeySchema"]![0]!["AttributeName"]);
        Assert.Equal(Engine("EventId"), (string?)table["KeySchema"]![1]!["AttributeName"]);
        Assert.Equal(Engine("Ttl"), (string?)table["TimeToLiveSpecification"]!["AttributeName"]);
        Assert.Equal(Engine("DueIndex"), (string?)due["IndexName"]);
        Assert.Equal(Engine("DueKey"), (string?)due["KeySchema"]![0]!["AttributeName"]);
        Assert.Equal(Engine("DueAt"), (string?)due["KeySchema"]![1]!["AttributeName"]);
        Assert.Equal(Engine("StatusIndex"), (string?)status["IndexName"]);
        Assert.Equal(Engine("StatusKey"), (string?)status["KeySchema"]![0]!["AttributeName"]);
    }

    [Fact]
    public void Bucket_Usual_IsClosedAndEncryptedAndExpires()
    {
        var bucket = StackTemplate.Usual.Properties("AWS::S3::Bucket", "StoragePayloads");

        Assert.Equal(
            "webhooks-payloads-AWS::AccountId-AWS::Region",
            StackTemplate.Resolve(bucket["BucketName"]!)
        );
        Assert.Equal(
            ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"],
            bucket["PublicAccessBlockConfiguration"]!
                .AsObject()
                .Where(each => (bool)each.Value!)
                .Select(each => each.Key)
        );
        Assert.Equal(
            "AES256",
            (string?)
                bucket["BucketEncryption"]!["ServerSideEncryptionConfiguration"]![0]![
                    "ServerSideEncryptionByDefault"
                ]!["SSEAlgorithm"]
        );
        Assert.Equal(
            "BucketOwnerEnforced",
            (string?)bucket["OwnershipControls"]!["Rules"]![0]!["ObjectOwnership"]
        );
        Assert.Null(bucket["VersioningConfiguration"]);
        var rule = Assert.Single(bucket["LifecycleConfiguration"]!["Rules"]!.AsArray())!;
        Assert.Equal("Enabled", (string?)rule["Status"]);
        Assert.Equal(60, Number(rule["ExpirationInDays"]));
        Assert.Equal(1, Number(rule["AbortIncompleteMultipartUpload"]!["DaysAfterInitiation"]));
    }

    [Fact]
    public void Bucket_LongerRetention_KeepsPayloadsAsLongAsTheirEvents()
    {
        var bucket = StackTemplate.Changed.Properties("AWS::S3::Bucket", "StoragePayloads");

        // 14 days of schedule, 90 of retention, 16 of margin.
        Assert.Equal(
            120,
            Number(bucket["LifecycleConfiguration"]!["Rules"]![0]!["ExpirationInDays"])
        );
    }

    [Fact]
    public void Key_Usual_RotatesAndHasAnAlias()
    {
        var key = StackTemplate.Usual.Properties("AWS::KMS::Key", "StorageTenantKey");
        var alias = Assert.Single(StackTemplate.Usual.All("AWS::KMS::Alias"))["Properties"]!;

        Assert.True((bool)key["EnableKeyRotation"]!);
        Assert.Equal(30, Number(key["PendingWindowInDays"]));
        Assert.Equal("alias/webhooks-tenants", (string?)alias["AliasName"]);
    }

    [Fact]
    public void Data_Usual_OutlivesTheStack()
    {
        var resources = s_kept.SelectMany(StackTemplate.Usual.All).ToArray();

        Assert.Equal(7, resources.Length);
        Assert.All(
            resources,
            each =>
            {
                Assert.Equal("Retain", (string?)each["DeletionPolicy"]);
                Assert.Equal("Retain", (string?)each["UpdateReplacePolicy"]);
            }
        );
    }

    [Fact]
    public void Data_RetainFalse_GoesWithTheStack()
    {
        var resources = s_kept.SelectMany(StackTemplate.Changed.All).ToArray();

        Assert.Equal(7, resources.Length);
        Assert.All(resources, each => Assert.Equal("Delete", (string?)each["DeletionPolicy"]));
        Assert.All(
            StackTemplate.Changed.All("AWS::DynamoDB::Table"),
            each => Assert.False((bool)each["Properties"]!["DeletionProtectionEnabled"]!)
        );
    }

    [Fact]
    public void Prefix_Changed_IsInTheNames()
    {
        Assert.Equal(
            ["Shop-Tenants", "Shop-Events"],
            StackTemplate
                .Changed.All("AWS::DynamoDB::Table")
                .Select(each => (string?)each["Properties"]!["TableName"])
        );
        Assert.StartsWith(
            "shop-payloads-",
            StackTemplate.Resolve(
                StackTemplate.Changed.Properties("AWS::S3::Bucket", "StoragePayloads")[
                    "BucketName"
                ]!
            ),
            StringComparison.Ordinal
        );
    }

    private static double Number(JsonNode? node) => node!.GetValue<double>();

    private static string? Engine(string constant, string layout = "EventsTable") =>
        (string?)
            typeof(Aws.AwsEngineOptions)
                .Assembly.GetType($"WebhookDelivery.Aws.{layout}", throwOnError: true)!
                .GetField(constant)!
                .GetRawConstantValue();

    private static IEnumerable<string> Indexes(string id)
    {
        var table = StackTemplate.Usual.Properties("AWS::DynamoDB::Table", id);
        return table["GlobalSecondaryIndexes"]!
            .AsArray()
            .Select(each =>
                $"{each!["IndexName"]}: {Keys(table, each["KeySchema"]!)}, {each["Projection"]!["ProjectionType"]}"
            );
    }

    private static string Keys(JsonNode table, JsonNode schema) =>
        string.Join(
            ", ",
            schema
                .AsArray()
                .Select(key =>
                {
                    var name = (string)key!["AttributeName"]!;
                    var definition = table["AttributeDefinitions"]!
                        .AsArray()
                        .Single(each => (string?)each!["AttributeName"] == name)!;
                    return $"{name} {definition["AttributeType"]}";
                })
        );
}
