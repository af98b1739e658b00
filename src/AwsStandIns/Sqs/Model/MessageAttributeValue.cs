namespace Amazon.SQS.Model;

/// <summary>The value of a message attribute.</summary>
public class MessageAttributeValue
{
    /// <summary>The value where the type is Binary; else null.</summary>
    public MemoryStream BinaryValue { get; set; }

    /// <summary>The type: `String`, `Number` or `Binary`, and maybe a custom label after a dot. Required.</summary>
    public string DataType { get; set; }

    /// <summary>The value where the type is String or Number; else null.</summary>
    public string StringValue { get; set; }
}
