namespace Amazon.SQS.Model;

/// <summary>What SendMessage takes: one message for a queue.</summary>
public class SendMessageRequest : AmazonSQSRequest
{
    /// <summary>Seconds until the message may be received, 0 to 900; null: the queue's own delay.</summary>
    public int? DelaySeconds { get; set; }

    /// <summary>Up to 10 attributes beside the body.</summary>
    public Dictionary<string, MessageAttributeValue> MessageAttributes { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The text: 1 byte to the queue's maximum in UTF-8. Required.</summary>
    public string MessageBody { get; set; }

    /// <summary>The group of the message: required by FIFO queues; makes a standard queue fair between groups.</summary>
    public string MessageGroupId { get; set; }

    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }
}
