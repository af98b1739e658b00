using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What ChangeMessageVisibilityBatch answers: some entries may have failed although the call succeeded.</summary>
public class ChangeMessageVisibilityBatchResponse : AmazonWebServiceResponse
{
    /// <summary>The entries that failed; null when none did.</summary>
    public List<BatchResultErrorEntry> Failed { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The entries that were changed; null when none was.</summary>
    public List<ChangeMessageVisibilityBatchResultEntry> Successful { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;
}
