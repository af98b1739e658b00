using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What SendMessageBatch answers: some entries may have failed although the call succeeded.</summary>
public class SendMessageBatchResponse : AmazonWebServiceResponse
{
    /// <summary>The entries that failed; null when none did.</summary>
    public List<BatchResultErrorEntry> Failed { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The entries that were sent; null when none was.</summary>
    public List<SendMessageBatchResultEntry> Successful { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;
}
