using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>What the AWS engine is told. Endpoints and credentials are found as every AWS SDK finds them.</summary>
public sealed record AwsEngineOptions
{
    /// <summary>The longest wait that SQS can keep a message for.</summary>
    public static readonly TimeSpan SqsDelayMax = TimeSpan.FromMinutes(15);

    /// <summary>What the tables' names begin with: `{prefix}-Tenants` and `{prefix}-Events`; default `webhooks`.</summary>
    public string TablePrefix { get; init; } = "webhooks";

    /// <summary>The URL of the queue of due deliveries.</summary>
    public required string QueueUrl { get; init; }

    /// <summary>The URL of the queue of dead letters.</summary>
    public required string DeadLetterQueueUrl { get; init; }

    /// <summary>The bucket of payloads above <see cref="ClaimCheckBytes"/>.</summary>
    public required string PayloadBucket { get; init; }

    /// <summary>Payloads of more bytes than this go to the bucket; 16 KiB.</summary>
    public int ClaimCheckBytes { get; init; } = 16 * 1024;

    /// <summary>A message of at most this many bytes carries its payload; 64 KiB, one SQS request.</summary>
    public int MessageBytesMax { get; init; } = 64 * 1024;

    /// <summary>
    /// Waits up to this become delayed messages; longer ones rest in `due-index` until the sweeper
    /// finds them. 15 minutes, SQS's limit. Zero sends every wait through `due-index`.
    /// </summary>
    public TimeSpan DelayMax { get; init; } = SqsDelayMax;

    /// <summary>
    /// How long after its time a delivery with a message is taken for lost and enqueued again; 2 minutes.
    /// </summary>
    public TimeSpan HealingGrace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How far ahead of its time a resting delivery is enqueued, as a delayed message, so that it is
    /// not late by the sweeper's interval; 1 minute, at most <see cref="DelayMax"/>.
    /// </summary>
    public TimeSpan LookAhead { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a sweeper's claim of an overdue delivery keeps other sweepers off it: 15 minutes, and
    /// longer the more it is overdue, as its messages may be waiting for somebody to receive them.
    /// </summary>
    public TimeSpan SweepClaim { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a received message is hidden from others: the lease; 2 minutes.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a poll waits for a message; 20 s, SQS's limit. In whole seconds.</summary>
    public TimeSpan ReceiveWait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a request under an idempotency key may take before another resumes it; 10 s.</summary>
    public TimeSpan IdempotencyLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long what is finished is kept: the time to live of closed items.</summary>
    public Retention Retention { get; init; } = Retention.Default;

    /// <summary>True to make tables, queues and bucket at start where they are missing; for emulators.</summary>
    public bool CreateMissing { get; init; }

    internal string TenantsTable => $"{TablePrefix}-Tenants";

    internal string EventsTable => $"{TablePrefix}-Events";
}
