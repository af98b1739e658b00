namespace Amazon.SQS.Model;

/// <summary>What DeleteMessageBatch takes: 1 to 10 receipts of a queue.</summary>
public class DeleteMessageBatchRequest : AmazonSQSRequest
{
    /// <summary>The receipts. Required.</summary>
    public List<DeleteMessageBatchRequestEntry> Entries { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }
}
