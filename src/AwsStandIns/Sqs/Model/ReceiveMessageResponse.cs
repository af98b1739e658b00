using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What ReceiveMessage answers.</summary>
public class ReceiveMessageResponse : AmazonWebServiceResponse
{
    /// <summary>The messages; null when there was none.</summary>
    public List<Message> Messages { get; set; } = AWSConfigs.InitializeCollections ? [] : null;
}
