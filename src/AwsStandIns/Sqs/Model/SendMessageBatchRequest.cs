namespace Amazon.SQS.Model;

/// <summary>What SendMessageBatch takes: 1 to 10 messages for a queue.</summary>
public class SendMessageBatchRequest : AmazonSQSRequest
{
    /// <summary>The messages. Required.</summary>
    public List<SendMessageBatchRequestEntry> Entries { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }
}
