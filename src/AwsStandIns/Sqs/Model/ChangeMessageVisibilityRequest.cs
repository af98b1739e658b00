namespace Amazon.SQS.Model;

/// <summary>What ChangeMessageVisibility takes.</summary>
public class ChangeMessageVisibilityRequest : AmazonSQSRequest
{
    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }

    /// <summary>The receipt of the message. Required.</summary>
    public string ReceiptHandle { get; set; }

    /// <summary>Seconds from now for which the message stays hidden, 0 to 43,200; 0 shows it at once. Required.</summary>
    public int? VisibilityTimeout { get; set; }
}
