namespace Amazon.SQS.Model;

/// <summary>What SetQueueAttributes takes.</summary>
public class SetQueueAttributesRequest : AmazonSQSRequest
{
    /// <summary>The attributes to set, by their names, see <see cref="QueueAttributeName"/>. Required.</summary>
    public Dictionary<string, string> Attributes { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The queue's URL, as GetQueueUrl gives it. Required.</summary>
    public string QueueUrl { get; set; }
}
