namespace Amazon.SQS.Model;

/// <summary>An entry of a SendMessageBatch that was sent.</summary>
public class SendMessageBatchResultEntry
{
    /// <summary>The entry's id in the request.</summary>
    public string Id { get; set; }

    /// <summary>The MD5 of the attributes as the queue got them, in hexadecimal; null without attributes.</summary>
    public string MD5OfMessageAttributes { get; set; }

    /// <summary>The MD5 of the body as the queue got it, in hexadecimal.</summary>
    public string MD5OfMessageBody { get; set; }

    /// <summary>The message's id.</summary>
    public string MessageId { get; set; }
}
