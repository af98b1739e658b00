using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.DynamoDB;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.S3;
using Constructs;
using Attribute = Amazon.CDK.AWS.DynamoDB.Attribute;

namespace WebhookDelivery.Cdk;

/// <summary>What is kept: two tables, the bucket of large payloads, the key of the tenants' secrets.</summary>
internal sealed class Storage : Construct
{
    /// <summary>Index of tenants, keys and backlogs.</summary>
    public const string ListIndex = "list-index";

    /// <summary>Index of what must be enqueued at a time.</summary>
    public const string DueIndex = "due-index";

    /// <summary>Index of unhappy deliveries.</summary>
    public const string StatusIndex = "status-index";

    public Storage(Construct scope, DeploymentSettings settings)
        : base(scope, "Storage")
    {
        var removal = settings.Retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

        Tenants = NewTable(settings, removal, "Tenants", "pk", "sk");
        AddIndex(Tenants, ListIndex, "listKey", Text("listSort"), ProjectionType.ALL);

        Events = NewTable(settings, removal, "Events", "tenantId", "eventId");
        AddIndex(Events, DueIndex, "dueKey", Number("dueAt"), ProjectionType.KEYS_ONLY);
        AddIndex(Events, StatusIndex, "statusKey", Text("eventId"), ProjectionType.KEYS_ONLY);

        Payloads = new Bucket(
            this,
            "Payloads",
            new BucketProps
            {
                // Account and region make it the deployment's own among the buckets of the world.
                BucketName =
                    $"{settings.Prefix.ToLowerInvariant()}-payloads-{Aws.ACCOUNT_ID}-{Aws.REGION}",
                BlockPublicAccess = BlockPublicAccess.BLOCK_ALL,
                ObjectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED,
                Encryption = BucketEncryption.S3_MANAGED,
                EnforceSSL = true,
                MinimumTLSVersion = 1.2,
                // A payload never changes, and one that is erased must be gone.
                Versioned = false,
                LifecycleRules =
                [
                    new LifecycleRule
                    {
                        Id = "expire",
                        Expiration = Duration.Days(settings.PayloadDays),
                        AbortIncompleteMultipartUploadAfter = Duration.Days(1),
                    },
                ],
                RemovalPolicy = removal,
            }
        );

        // The tables are encrypted by DynamoDB's own key: what is secret in them is encrypted under a
        // tenant's data key before, which this one wraps.
        TenantKey = new Key(
            this,
            "TenantKey",
            new KeyProps
            {
                Description = $"{settings.Prefix}: wraps the tenants' data keys.",
                EnableKeyRotation = true,
                PendingWindow = Duration.Days(30),
                RemovalPolicy = removal,
            }
        );
        // By it the key is found again when the stack is gone.
        TenantKey.AddAlias($"alias/{settings.Prefix}-tenants").ApplyRemovalPolicy(removal);
    }

    /// <summary>Tenants, API keys, endpoints.</summary>
    public Table Tenants { get; }

    /// <summary>Events, deliveries, idempotency keys, rate counters.</summary>
    public Table Events { get; }

    /// <summary>Payloads above the claim check's bound.</summary>
    public Bucket Payloads { get; }

    /// <summary>Wraps the tenants' data keys.</summary>
    public Key TenantKey { get; }

    /// <summary>What DynamoDB refuses of the tenants' table and its index.</summary>
    public IReadOnlyList<Metric> TenantsThrottles => [.. Throttles(Tenants, ListIndex)];

    /// <summary>What DynamoDB refuses of the events' table and its indexes.</summary>
    public IReadOnlyList<Metric> EventsThrottles => [.. Throttles(Events, DueIndex, StatusIndex)];

    // What an index refuses is counted for the index, not for its table.
    private static IEnumerable<Metric> Throttles(Table table, params string[] indexes)
    {
        string[] names = ["ReadThrottleEvents", "WriteThrottleEvents"];
        foreach (var name in names)
        {
            yield return table.Metric(name);
            foreach (var index in indexes)
            {
                yield return table.Metric(
                    name,
                    new MetricOptions
                    {
                        DimensionsMap = new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["TableName"] = table.TableName,
                            ["GlobalSecondaryIndexName"] = index,
                        },
                    }
                );
            }
        }
    }

    private Table NewTable(
        DeploymentSettings settings,
        RemovalPolicy removal,
        string name,
        string partitionKey,
        string sortKey
    ) =>
        new(
            this,
            name,
            new TableProps
            {
                TableName = $"{settings.Prefix}-{name}",
                PartitionKey = Text(partitionKey),
                SortKey = Text(sortKey),
                BillingMode = BillingMode.PAY_PER_REQUEST,
                Encryption = TableEncryption.AWS_MANAGED,
                PointInTimeRecovery = true,
                TimeToLiveAttribute = "ttl",
                DeletionProtection = settings.Retain,
                RemovalPolicy = removal,
            }
        );

    private static void AddIndex(
        Table table,
        string name,
        string partitionKey,
        Attribute sortKey,
        ProjectionType projection
    ) =>
        table.AddGlobalSecondaryIndex(
            new GlobalSecondaryIndexProps
            {
                IndexName = name,
                PartitionKey = Text(partitionKey),
                SortKey = sortKey,
                ProjectionType = projection,
            }
        );

    private static Attribute Text(string name) =>
        new() { Name = name, Type = AttributeType.STRING };

    private static Attribute Number(string name) =>
        new() { Name = name, Type = AttributeType.NUMBER };
}
