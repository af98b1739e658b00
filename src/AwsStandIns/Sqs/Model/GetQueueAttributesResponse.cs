using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What GetQueueAttributes answers.</summary>
public class GetQueueAttributesResponse : AmazonWebServiceResponse
{
    /// <summary>The attributes that were asked for, by name; null when none was.</summary>
    public Dictionary<string, string> Attributes { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;
}
