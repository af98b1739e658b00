using Amazon.CDK;
using Amazon.CDK.AWS.Events;
using Amazon.CDK.AWS.Events.Targets;
using Amazon.CDK.AWS.Lambda;
using Constructs;
using EventRule = Amazon.CDK.AWS.Events.Rule;
using EventRuleProps = Amazon.CDK.AWS.Events.RuleProps;

namespace WebhookDelivery.Cdk;

/// <summary>The four functions and what invokes them. One published program, told by a variable which it is.</summary>
internal sealed class Functions : Construct
{
    public Functions(
        Construct scope,
        DeploymentSettings settings,
        Storage storage,
        Queues queues,
        AdminKey adminKey
    )
        : base(scope, "Functions")
    {
        var code = Code.FromAsset(settings.LambdaDirectory);
        var environment = CommonEnvironment(settings, storage, queues);
        var permissions = new Permissions(storage, queues, adminKey);
        ProductFunction Add(FunctionShape shape) => new(this, settings, shape, code, environment);

        Api = Add(
            new("Api", "Answers the HTTP API.", 1024, ApiTimeoutSeconds, permissions.OfApi())
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["WebhookDelivery__AdminKeySecret"] = adminKey.Arn,
                },
            }
        );
        Worker = Add(
            new(
                "Worker",
                "Delivers what is due.",
                1024,
                Queues.WorkerTimeoutSeconds,
                permissions.OfWorker()
            )
            {
                FeedsItself = true,
            }
        );
        DlqProcessor = Add(
            new(
                "DlqProcessor",
                "Requeues dead letters; invoked by hand.",
                512,
                LongestTimeoutSeconds,
                permissions.OfDlqProcessor()
            )
        );
        Sweeper = Add(
            new(
                "Sweeper",
                "Enqueues what rests or was lost, and erases deleted tenants; every minute.",
                512,
                SweeperTimeoutSeconds,
                permissions.OfSweeper()
            )
        );

        ConsumeDeliveries(settings, queues);
        RunSweeperEveryMinute();
    }

    /// <summary>HTTP APIs give up after 30 s; ending before says which request it was.</summary>
    private const int ApiTimeoutSeconds = 29;

    /// <summary>Lambda's longest.</summary>
    private const int LongestTimeoutSeconds = 900;

    /// <summary>Below its interval, so that sweeps do not pile up.</summary>
    private const int SweeperTimeoutSeconds = 50;

    /// <summary>Answers the HTTP API.</summary>
    public ProductFunction Api { get; }

    /// <summary>Delivers what is due.</summary>
    public ProductFunction Worker { get; }

    /// <summary>Requeues dead letters.</summary>
    public ProductFunction DlqProcessor { get; }

    /// <summary>Enqueues what rests or was lost.</summary>
    public ProductFunction Sweeper { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ProductFunction> All => [Api, Worker, DlqProcessor, Sweeper];

    private static Dictionary<string, string> CommonEnvironment(
        DeploymentSettings settings,
        Storage storage,
        Queues queues
    ) =>
        new(StringComparer.Ordinal)
        {
            ["WebhookDelivery__Storage"] = "Aws",
            ["WebhookDelivery__Aws__TablePrefix"] = settings.Prefix,
            ["WebhookDelivery__Aws__QueueUrl"] = queues.Deliveries.QueueUrl,
            ["WebhookDelivery__Aws__DeadLetterQueueUrl"] = queues.DeadLetters.QueueUrl,
            ["WebhookDelivery__Aws__PayloadBucket"] = storage.Payloads.BucketName,
            ["WebhookDelivery__Secrets__KmsKeyId"] = storage.TenantKey.KeyArn,
            ["WebhookDelivery__Retention__EventDays"] = $"{settings.EventDays}",
            ["WebhookDelivery__Retention__DeadLetterDays"] = $"{settings.DeadLetterDays}",
        };

    private void ConsumeDeliveries(DeploymentSettings settings, Queues queues)
    {
        var mapping = new EventSourceMapping(
            this,
            "Deliveries",
            new EventSourceMappingProps
            {
                Target = Worker.Function,
                EventSourceArn = queues.Deliveries.QueueArn,
                BatchSize = 10,
                ReportBatchItemFailures = true,
                MaxConcurrency = settings.WorkerConcurrency,
            }
        );

        // Lambda tries the role's permissions when the mapping is made.
        mapping.Node.AddDependency(Worker.Function.Role!);
    }

    private void RunSweeperEveryMinute()
    {
        var rule = new EventRule(
            this,
            "EveryMinute",
            new EventRuleProps
            {
                Description = "Runs the sweeper.",
                Schedule = Schedule.Rate(Duration.Minutes(1)),
            }
        );

        // One that fails is not repeated: the next minute's does its work.
        rule.AddTarget(
            new LambdaFunction(
                Sweeper.Function,
                new LambdaFunctionProps { RetryAttempts = 0, MaxEventAge = Duration.Minutes(1) }
            )
        );
        Sweeper.Function.ConfigureAsyncInvoke(
            new EventInvokeConfigOptions { RetryAttempts = 0, MaxEventAge = Duration.Minutes(1) }
        );
    }
}
