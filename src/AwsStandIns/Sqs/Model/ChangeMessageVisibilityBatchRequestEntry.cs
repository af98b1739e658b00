namespace Amazon.SQS.Model;

/// <summary>One receipt of a ChangeMessageVisibilityBatch.</summary>
public class ChangeMessageVisibilityBatchRequestEntry
{
    /// <summary>Tells the entry from the others of its batch. Required.</summary>
    public string Id { get; set; }

    /// <summary>The receipt of the message. Required.</summary>
    public string ReceiptHandle { get; set; }

    /// <summary>Seconds from now for which the message stays hidden, 0 to 43,200.</summary>
    public int? VisibilityTimeout { get; set; }
}
