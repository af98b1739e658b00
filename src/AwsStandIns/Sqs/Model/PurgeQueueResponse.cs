using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What PurgeQueue answers: nothing.</summary>
public class PurgeQueueResponse : AmazonWebServiceResponse { }
