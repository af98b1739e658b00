using Amazon.Runtime;

namespace Amazon.SQS;

/// <summary>The names of a queue's attributes.</summary>
public class QueueAttributeName : ConstantClass
{
    /// <summary>Every attribute.</summary>
    public static readonly QueueAttributeName All = new("All");

    /// <summary>About how many messages may be received now.</summary>
    public static readonly QueueAttributeName ApproximateNumberOfMessages = new(
        "ApproximateNumberOfMessages"
    );

    /// <summary>About how many messages wait for their delay to pass.</summary>
    public static readonly QueueAttributeName ApproximateNumberOfMessagesDelayed = new(
        "ApproximateNumberOfMessagesDelayed"
    );

    /// <summary>About how many messages are in flight.</summary>
    public static readonly QueueAttributeName ApproximateNumberOfMessagesNotVisible = new(
        "ApproximateNumberOfMessagesNotVisible"
    );

    /// <summary>When the queue was made, in seconds of Unix time.</summary>
    public static readonly QueueAttributeName CreatedTimestamp = new("CreatedTimestamp");

    /// <summary>Seconds by which a message is delayed that does not say so itself.</summary>
    public static readonly QueueAttributeName DelaySeconds = new("DelaySeconds");

    /// <summary>The most bytes that a message may have.</summary>
    public static readonly QueueAttributeName MaximumMessageSize = new("MaximumMessageSize");

    /// <summary>Seconds for which a message is kept.</summary>
    public static readonly QueueAttributeName MessageRetentionPeriod = new(
        "MessageRetentionPeriod"
    );

    /// <summary>The queue's ARN.</summary>
    public static readonly QueueAttributeName QueueArn = new("QueueArn");

    /// <summary>Seconds that a receipt waits which does not say so itself.</summary>
    public static readonly QueueAttributeName ReceiveMessageWaitTimeSeconds = new(
        "ReceiveMessageWaitTimeSeconds"
    );

    /// <summary>Where a message goes that is received too often, as JSON.</summary>
    public static readonly QueueAttributeName RedrivePolicy = new("RedrivePolicy");

    /// <summary>Seconds for which a received message stays hidden when the receipt does not say so.</summary>
    public static readonly QueueAttributeName VisibilityTimeout = new("VisibilityTimeout");

    /// <summary>The name with this text, known or not.</summary>
    public QueueAttributeName(string value)
        : base(value) { }

    /// <summary>The constant with this text, or a new one.</summary>
    public static QueueAttributeName FindValue(string value) =>
        FindValue<QueueAttributeName>(value);

    /// <summary>The constant with this text, or a new one.</summary>
    public static implicit operator QueueAttributeName(string value) => FindValue(value);
}
