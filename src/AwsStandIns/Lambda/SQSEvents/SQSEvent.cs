namespace Amazon.Lambda.SQSEvents;

/// <summary>A batch of messages that Lambda took from an SQS queue.</summary>
public sealed class SQSEvent
{
    /// <summary>The messages, up to the event source mapping's batch size.</summary>
    public List<SQSMessage>? Records { get; set; }

    /// <summary>One message.</summary>
    public sealed class SQSMessage
    {
        /// <summary>Its id; what a partial batch response names it by.</summary>
        public string? MessageId { get; set; }

        /// <summary>What was sent.</summary>
        public string? Body { get; set; }

        /// <summary>SQS's own attributes, such as ApproximateReceiveCount, SentTimestamp (ms) and MessageGroupId.</summary>
        public Dictionary<string, string>? Attributes { get; set; }
    }
}
