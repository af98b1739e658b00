namespace Amazon.SQS.Model;

/// <summary>One message of a SendMessageBatch.</summary>
public class SendMessageBatchRequestEntry
{
    /// <summary>Seconds until the message may be received, 0 to 900; null: the queue's own delay.</summary>
    public int? DelaySeconds { get; set; }

    /// <summary>Tells the entry from the others of its batch: up to 80 of A-Z, a-z, 0-9, - and _. Required.</summary>
    public string Id { get; set; }

    /// <summary>Up to 10 attributes beside the body.</summary>
    public Dictionary<string, MessageAttributeValue> MessageAttributes { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The text. Required.</summary>
    public string MessageBody { get; set; }

    /// <summary>The group of the message: required by FIFO queues; makes a standard queue fair between groups.</summary>
    public string MessageGroupId { get; set; }
}
