using Amazon.CDK.AWS.IAM;

namespace WebhookDelivery.Cdk;

/// <summary>
/// What each function may do: the actions that its code calls, on the resources of this stack.
/// </summary>
/// <remarks>
/// Whoever loads a tenant may have to finish its creation, so all write to the tenants' table. Whoever
/// reads an endpoint decrypts its secrets. A reader of the bucket may list it, or S3 would answer 403
/// rather than 404 for a payload that is not there, and a lost payload look like an outage.
/// </remarks>
internal sealed class Permissions(Storage storage, Queues queues, AdminKey adminKey)
{
    private static readonly string[] ReadAndChange =
    [
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    ];

    private static readonly string[] Delete = ["dynamodb:DeleteItem", "dynamodb:BatchWriteItem"];

    private static readonly string[] Consume =
    [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
    ];

    private readonly string _tenants = storage.Tenants.TableArn;
    private readonly string _events = storage.Events.TableArn;
    private readonly string _deliveries = queues.Deliveries.QueueArn;
    private readonly string _deadLetters = queues.DeadLetters.QueueArn;
    private readonly string _bucket = storage.Payloads.BucketArn;
    private readonly string _payloads = storage.Payloads.ArnForObjects("*");

    /// <summary>Takes events in, administers tenants, answers questions, requeues.</summary>
    public IReadOnlyList<PolicyStatement> OfApi() =>
        [
            Allow(ReadAndChange, _tenants, _events),
            Allow(["dynamodb:Query"], ListIndex, StatusIndex),
            Allow(["s3:GetObject", "s3:PutObject"], _payloads),
            Allow(["s3:ListBucket"], _bucket),
            Allow(["sqs:SendMessage"], _deliveries),
            Allow(["kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt"], storage.TenantKey.KeyArn),
            Allow(["ssm:GetParameter"], adminKey.Arn),
        ];

    /// <summary>Delivers; disables endpoints that are gone; sends retries and dead letters.</summary>
    public IReadOnlyList<PolicyStatement> OfWorker() =>
        [
            Allow(ReadAndChange, _tenants, _events),
            Allow(["dynamodb:Query"], StatusIndex),
            Allow(["s3:GetObject"], _payloads),
            Allow(["s3:ListBucket"], _bucket),
            Allow([.. Consume, "sqs:SendMessage"], _deliveries),
            Allow(["sqs:SendMessage"], _deadLetters),
            Allow(["kms:Decrypt"], storage.TenantKey.KeyArn),
        ];

    /// <summary>Finds dead letters by the index, starts them anew, and takes their messages away.</summary>
    public IReadOnlyList<PolicyStatement> OfDlqProcessor() =>
        [
            Allow(ReadAndChange, _tenants, _events),
            Allow(["dynamodb:Query"], ListIndex, StatusIndex),
            Allow(["sqs:SendMessage"], _deliveries),
            Allow(Consume, _deadLetters),
            Allow(["kms:Decrypt"], storage.TenantKey.KeyArn),
        ];

    /// <summary>Enqueues what is due; settles backlogs; erases deleted tenants; drops stale dead letters.</summary>
    public IReadOnlyList<PolicyStatement> OfSweeper() =>
        [
            Allow([.. ReadAndChange, .. Delete], _tenants, _events),
            Allow(["dynamodb:Query"], ListIndex, DueIndex, StatusIndex),
            Allow(["s3:DeleteObject"], _payloads),
            Allow(["sqs:SendMessage"], _deliveries),
            Allow(Consume, _deadLetters),
        ];

    private string ListIndex => $"{_tenants}/index/{Storage.ListIndex}";

    private string DueIndex => $"{_events}/index/{Storage.DueIndex}";

    private string StatusIndex => $"{_events}/index/{Storage.StatusIndex}";

    private static PolicyStatement Allow(string[] actions, params string[] resources) =>
        new(new PolicyStatementProps { Actions = actions, Resources = resources });
}
