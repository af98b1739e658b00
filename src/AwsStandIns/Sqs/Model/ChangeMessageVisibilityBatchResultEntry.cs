namespace Amazon.SQS.Model;

/// <summary>An entry of a ChangeMessageVisibilityBatch that was changed.</summary>
public class ChangeMessageVisibilityBatchResultEntry
{
    /// <summary>The entry's id in the request.</summary>
    public string Id { get; set; }
}
