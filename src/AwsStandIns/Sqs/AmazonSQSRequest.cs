using Amazon.Runtime;

namespace Amazon.SQS;

/// <summary>What the requests to SQS have in common: nothing but the type.</summary>
public class AmazonSQSRequest : AmazonWebServiceRequest { }
