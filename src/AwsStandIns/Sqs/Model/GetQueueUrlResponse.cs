using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What GetQueueUrl answers.</summary>
public class GetQueueUrlResponse : AmazonWebServiceResponse
{
    /// <summary>The queue's URL.</summary>
    public string QueueUrl { get; set; }
}
