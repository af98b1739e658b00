namespace Amazon.SQS.Model;

/// <summary>An entry of a DeleteMessageBatch that was deleted.</summary>
public class DeleteMessageBatchResultEntry
{
    /// <summary>The entry's id in the request.</summary>
    public string Id { get; set; }
}
