namespace Amazon.SQS.Model;

/// <summary>What ReceiveMessage takes.</summary>
public class ReceiveMessageRequest : AmazonSQSRequest
{
    /// <summary>The most messages that may come, 1 to 10; null: 1.</summary>
    public int? MaxNumberOfMessages { get; set; }

    /// <summary>Which message attributes to give, such as `All`.</summary>
    public List<string> MessageAttributeNames { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>Which system attributes to give, such as `ApproximateReceiveCount`.</summary>
    public List<string> MessageSystemAttributeNames { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }

    /// <summary>Seconds for which the messages stay hidden from others; null: the queue's own.</summary>
    public int? VisibilityTimeout { get; set; }

    /// <summary>Seconds to wait for a first message, 0 to 20; null: the queue's own.</summary>
    public int? WaitTimeSeconds { get; set; }
}
