using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What ChangeMessageVisibility answers: nothing.</summary>
public class ChangeMessageVisibilityResponse : AmazonWebServiceResponse { }
