using Amazon.Runtime;

namespace Amazon.SQS;

/// <summary>The names of a message's system attributes.</summary>
public class MessageSystemAttributeName : ConstantClass
{
    /// <summary>Every attribute.</summary>
    public static readonly MessageSystemAttributeName All = new("All");

    /// <summary>When the message was first received, in milliseconds of Unix time.</summary>
    public static readonly MessageSystemAttributeName ApproximateFirstReceiveTimestamp = new(
        "ApproximateFirstReceiveTimestamp"
    );

    /// <summary>How often the message was received without being deleted.</summary>
    public static readonly MessageSystemAttributeName ApproximateReceiveCount = new(
        "ApproximateReceiveCount"
    );

    /// <summary>The group that the message was sent with.</summary>
    public static readonly MessageSystemAttributeName MessageGroupId = new("MessageGroupId");

    /// <summary>Who sent it.</summary>
    public static readonly MessageSystemAttributeName SenderId = new("SenderId");

    /// <summary>When it was sent, in milliseconds of Unix time.</summary>
    public static readonly MessageSystemAttributeName SentTimestamp = new("SentTimestamp");

    /// <summary>The name with this text, known or not.</summary>
    public MessageSystemAttributeName(string value)
        : base(value) { }

    /// <summary>The constant with this text, or a new one.</summary>
    public static MessageSystemAttributeName FindValue(string value) =>
        FindValue<MessageSystemAttributeName>(value);

    /// <summary>The constant with this text, or a new one.</summary>
    public static implicit operator MessageSystemAttributeName(string value) => FindValue(value);
}
