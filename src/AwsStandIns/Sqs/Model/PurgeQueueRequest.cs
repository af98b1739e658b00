namespace Amazon.SQS.Model;

/// <summary>What PurgeQueue takes.</summary>
public class PurgeQueueRequest : AmazonSQSRequest
{
    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }
}
