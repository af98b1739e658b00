using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>What the dead-letter queue's processor is asked for. Filters combine by and.</summary>
public sealed record DeadLetterRequest
{
    /// <summary>The greatest <see cref="MaxMessages"/>.</summary>
    public const int MaxMessagesMax = 10_000;

    private readonly int _batchSize = DeadLetterQueue.BatchMax;
    private readonly int _maxMessages = 100;

    /// <summary>Messages received at a time, 1–10; default 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in that range.</exception>
    public int BatchSize
    {
        get => _batchSize;
        init => _batchSize = Within(value, DeadLetterQueue.BatchMax);
    }

    /// <summary>Most dead letters to requeue, 1–10,000; default 100. Failed ones do not count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in that range.</exception>
    public int MaxMessages
    {
        get => _maxMessages;
        init => _maxMessages = Within(value, MaxMessagesMax);
    }

    /// <summary>Only this tenant's; null for every tenant's.</summary>
    public TenantId? TenantId { get; init; }

    /// <summary>Only those to this endpoint.</summary>
    public EndpointId? EndpointId { get; init; }

    /// <summary>
    /// When the caller's time ends, such as a function's: receiving takes at most a third of what is
    /// left until then, requeueing comes after it. Null for no end.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    private static int Within(int value, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        return value;
    }
}
