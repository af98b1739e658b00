namespace Amazon.SQS.Model;

/// <summary>A message as it was received.</summary>
public class Message
{
    /// <summary>The system attributes that were asked for, by name.</summary>
    public Dictionary<string, string> Attributes { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The text.</summary>
    public string Body { get; set; }

    /// <summary>The MD5 of the body, in hexadecimal.</summary>
    public string MD5OfBody { get; set; }

    /// <summary>The MD5 of the attributes, in hexadecimal; null without attributes.</summary>
    public string MD5OfMessageAttributes { get; set; }

    /// <summary>The message attributes that were asked for, by name.</summary>
    public Dictionary<string, MessageAttributeValue> MessageAttributes { get; set; } =
        AWSConfigs.InitializeCollections ? [] : null;

    /// <summary>The message's id, the same at each receipt.</summary>
    public string MessageId { get; set; }

    /// <summary>Names this receipt: what deletes the message or changes its visibility.</summary>
    public string ReceiptHandle { get; set; }
}
