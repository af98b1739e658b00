namespace Amazon.SQS.Model;

/// <summary>What GetQueueUrl takes.</summary>
public class GetQueueUrlRequest : AmazonSQSRequest
{
    /// <summary>The queue's name. Required.</summary>
    public string QueueName { get; set; }
}
