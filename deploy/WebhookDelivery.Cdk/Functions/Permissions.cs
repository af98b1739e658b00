using Amazon.CDK.AWS.IAM;

namespace WebhookDelivery.Cdk;

/// <summary>
/// What each function may do: the actions that its code calls, on the resources of this stack.
/// </summary>
/// <remarks>
/// Whoever loads a tenant may have to finish its creation or its deletion, so all write to the tenants'
/// table, and find the keys that a deletion revokes by its index. Whoever reads an endpoint decrypts its secrets. Whoever moves a delivery may have to keep its payload longer,
/// by copying the object onto itself. And whoever reads the bucket may list it, or S3 would answer 403
/// rather than 404 for a payload that is not there, and a lost payload look like an outage.
/// </remarks>
internal sealed class Permissions(Storage storage, Queues queues, AdminKey adminKey)
{
    private static readonly string[] KeepTenants =
    [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    ];

    private static readonly string[] MoveDeliveries =
    [
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    ];

    private static readonly string[] KeepPayloads = ["s3:GetObject", "s3:PutObject"];

    private readonly string _tenants = storage.Tenants.TableArn;
    private readonly string _events = storage.Events.TableArn;
    private readonly string _deliveries = queues.Deliveries.QueueArn;
    private readonly string _deadLetters = queues.DeadLetters.QueueArn;
    private readonly string _bucket = storage.Payloads.BucketArn;
    private readonly string _payloads = storage.Payloads.ArnForObjects("*");
    private readonly string _tenantKey = storage.TenantKey.KeyArn;

    /// <summary>
    /// Takes events in, administers tenants, answers questions, requeues; starts recoveries, and lets the
    /// oldest go.
    /// </summary>
    public IReadOnlyList<PolicyStatement> OfApi() =>
        [
            Allow([.. KeepTenants, "dynamodb:DeleteItem"], _tenants),
            Allow([.. MoveDeliveries, "dynamodb:PutItem"], _events),
            Allow(["dynamodb:Query"], ListIndex, StatusIndex),
            Allow(KeepPayloads, _payloads),
            Allow(["s3:ListBucket"], _bucket),
            Allow(["sqs:SendMessage"], _deliveries),
            Allow(["kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt"], _tenantKey),
            Allow(["ssm:GetParameter"], adminKey.Arn),
        ];

    /// <summary>
    /// Delivers; disables endpoints that are gone, which lets their oldest versions go; tells tenants of it;
    /// sends retries and dead letters. Receiving is Lambda's doing, but by this role.
    /// </summary>
    public IReadOnlyList<PolicyStatement> OfWorker() =>
        [
            Allow([.. KeepTenants, "dynamodb:DeleteItem"], _tenants),
            Allow([.. MoveDeliveries, "dynamodb:PutItem", "dynamodb:BatchWriteItem"], _events),
            Allow(["dynamodb:Query"], ListIndex, StatusIndex),
            Allow(KeepPayloads, _payloads),
            Allow(["s3:ListBucket"], _bucket),
            Allow(
                [
                    "sqs:ReceiveMessage",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:SendMessage",
                ],
                _deliveries
            ),
            Allow(["sqs:SendMessage"], _deadLetters),
            Allow(["kms:Decrypt"], _tenantKey),
        ];

    /// <summary>
    /// Finds dead letters by the index, starts them anew, brings their queue in line, and tells tenants of
    /// those that are new.
    /// </summary>
    public IReadOnlyList<PolicyStatement> OfDlqProcessor() =>
        [
            Allow(KeepTenants, _tenants),
            Allow([.. MoveDeliveries, "dynamodb:PutItem"], _events),
            Allow(["dynamodb:Query"], ListIndex, StatusIndex),
            Allow(KeepPayloads, _payloads),
            Allow(["s3:ListBucket"], _bucket),
            Allow(["sqs:SendMessage"], _deliveries),
            ReconcileDeadLetters(),
            Allow(["kms:Decrypt"], _tenantKey),
        ];

    /// <summary>
    /// Enqueues what is due; settles backlogs; tells tenants of what was disabled, for which it opens their
    /// endpoints; erases deleted tenants; drops stale dead letters.
    /// </summary>
    public IReadOnlyList<PolicyStatement> OfSweeper() =>
        [
            Allow([.. KeepTenants, "dynamodb:DeleteItem"], _tenants),
            Allow(
                [
                    .. MoveDeliveries,
                    "dynamodb:PutItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:BatchWriteItem",
                ],
                _events
            ),
            Allow(["dynamodb:Query"], ListIndex, DueIndex, StatusIndex),
            Allow([.. KeepPayloads, "s3:DeleteObject"], _payloads),
            Allow(["s3:ListBucket"], _bucket),
            Allow(["sqs:SendMessage"], _deliveries),
            ReconcileDeadLetters(),
            Allow(["kms:Decrypt"], _tenantKey),
        ];

    // Poison is taken out as the message it was, and put back as a dead letter.
    private PolicyStatement ReconcileDeadLetters() =>
        Allow(
            [
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:ChangeMessageVisibility",
                "sqs:SendMessage",
            ],
            _deadLetters
        );

    private string ListIndex => $"{_tenants}/index/{Storage.ListIndex}";

    private string DueIndex => $"{_events}/index/{Storage.DueIndex}";

    private string StatusIndex => $"{_events}/index/{Storage.StatusIndex}";

    private static PolicyStatement Allow(string[] actions, params string[] resources) =>
        new(new PolicyStatementProps { Actions = actions, Resources = resources });
}
