using Amazon.CDK;
using Amazon.CDK.AWS.SQS;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>The queue of due deliveries, and the one of dead letters.</summary>
internal sealed class Queues : Construct
{
    /// <summary>How long the worker may take for a batch.</summary>
    public static readonly int WorkerTimeoutSeconds = 60;

    /// <summary>
    /// Six times the worker's timeout, as Lambda advises, so that no message comes back while its
    /// batch is still waiting for a free worker.
    /// </summary>
    private static readonly int VisibilitySeconds = 6 * WorkerTimeoutSeconds;

    /// <summary>Receives after which a message is poison: failed deliveries are not, they are sent anew.</summary>
    private const int MaxReceiveCount = 5;

    public Queues(Construct scope, DeploymentSettings settings)
        : base(scope, "Queues")
    {
        DeadLetters = new Queue(this, "DeadLetters", Props(settings, "DeadLetters"));
        var deliveries = Props(settings, "Deliveries");
        deliveries.DeadLetterQueue = new DeadLetterQueue
        {
            Queue = DeadLetters,
            MaxReceiveCount = MaxReceiveCount,
        };
        Deliveries = new Queue(this, "Deliveries", deliveries);
    }

    /// <summary>Due deliveries. A standard queue: messages carry their tenant as group, for fairness.</summary>
    public Queue Deliveries { get; }

    /// <summary>A message for each dead letter, and poison.</summary>
    public Queue DeadLetters { get; }

    // A first delivery has no item in the table before its first outcome: its message is all there is
    // of it, so the queues outlive the stack as the tables do.
    private static QueueProps Props(DeploymentSettings settings, string name) =>
        new()
        {
            QueueName = $"{settings.Prefix}-{name}",
            Encryption = QueueEncryption.SQS_MANAGED,
            EnforceSSL = true,
            RetentionPeriod = Duration.Days(14),
            VisibilityTimeout = Duration.Seconds(VisibilitySeconds),
            RemovalPolicy = settings.Retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        };
}
