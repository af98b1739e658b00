namespace Amazon.SQS.Model;

/// <summary>What GetQueueAttributes takes.</summary>
public class GetQueueAttributesRequest : AmazonSQSRequest
{
    /// <summary>Which attributes to give, see <see cref="QueueAttributeName"/>; null: none.</summary>
    public List<string> AttributeNames { get; set; } = AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }
}
