using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What DeleteMessageBatch answers: some entries may have failed although the call succeeded.</summary>
public class DeleteMessageBatchResponse : AmazonWebServiceResponse
{
    /// <summary>The entries that failed; null when none did.</summary>
    public List<BatchResultErrorEntry> Failed { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The entries that were deleted; null when none was.</summary>
    public List<DeleteMessageBatchResultEntry> Successful { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;
}
