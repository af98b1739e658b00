namespace Amazon.SQS.Model;

/// <summary>An entry of a batch that failed, and why.</summary>
public class BatchResultErrorEntry
{
    /// <summary>The kind of fault, such as `ReceiptHandleIsInvalid`.</summary>
    public string Code { get; set; }

    /// <summary>The entry's id in the request.</summary>
    public string Id { get; set; }

    /// <summary>The fault in words; may be null.</summary>
    public string Message { get; set; }

    /// <summary>True when the entry itself is wrong: sending it again cannot help.</summary>
    public bool? SenderFault { get; set; }
}
