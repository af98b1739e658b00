using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What CreateQueue answers.</summary>
public class CreateQueueResponse : AmazonWebServiceResponse
{
    /// <summary>The queue's URL.</summary>
    public string QueueUrl { get; set; }
}
