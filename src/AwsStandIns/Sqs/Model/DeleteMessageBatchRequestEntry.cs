namespace Amazon.SQS.Model;

/// <summary>One receipt of a DeleteMessageBatch.</summary>
public class DeleteMessageBatchRequestEntry
{
    /// <summary>Tells the entry from the others of its batch. Required.</summary>
    public string Id { get; set; }

    /// <summary>The receipt of the message. Required.</summary>
    public string ReceiptHandle { get; set; }
}
