using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What DeleteMessage answers: nothing.</summary>
public class DeleteMessageResponse : AmazonWebServiceResponse { }
