using System.Text.Json.Serialization;

namespace Amazon.Lambda.SQSEvents;

/// <summary>
/// What became of a batch: Lambda deletes every message that it does not name. Needs
/// ReportBatchItemFailures on the event source mapping.
/// </summary>
public sealed class SQSBatchResponse
{
    /// <summary>A batch without failures.</summary>
    public SQSBatchResponse()
        : this([]) { }

    /// <summary>A batch with these failures.</summary>
    public SQSBatchResponse(List<BatchItemFailure> batchItemFailures) =>
        BatchItemFailures = batchItemFailures;

    /// <summary>The messages that come again.</summary>
    [JsonPropertyName("batchItemFailures")]
    public List<BatchItemFailure> BatchItemFailures { get; set; }

    /// <summary>One message that comes again.</summary>
    public sealed class BatchItemFailure
    {
        /// <summary>Its message id.</summary>
        [JsonPropertyName("itemIdentifier")]
        public string? ItemIdentifier { get; set; }
    }
}
