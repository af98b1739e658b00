namespace Amazon.SQS.Model;

/// <summary>What CreateQueue takes.</summary>
public class CreateQueueRequest : AmazonSQSRequest
{
    /// <summary>The queue's attributes by their names, see <see cref="QueueAttributeName"/>.</summary>
    public Dictionary<string, string> Attributes { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The name: up to 80 of A-Z, a-z, 0-9, - and _. Required.</summary>
    public string QueueName { get; set; }
}
