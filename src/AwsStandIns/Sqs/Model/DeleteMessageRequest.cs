namespace Amazon.SQS.Model;

/// <summary>What DeleteMessage takes.</summary>
public class DeleteMessageRequest : AmazonSQSRequest
{
    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }

    /// <summary>The receipt of the message. Required.</summary>
    public string ReceiptHandle { get; set; }
}
