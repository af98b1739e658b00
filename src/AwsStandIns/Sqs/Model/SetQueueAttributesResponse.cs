using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What SetQueueAttributes answers: nothing.</summary>
public class SetQueueAttributesResponse : AmazonWebServiceResponse { }
