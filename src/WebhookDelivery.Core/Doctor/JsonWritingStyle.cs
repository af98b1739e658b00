namespace WebhookDelivery.Core;

/// <summary>How JSON is written.</summary>
internal enum JsonWritingStyle
{
    /// <summary>No white space, escapes only where they must be: as JavaScript writes.</summary>
    Compact,

    /// <summary>A space behind colons and commas, everything beyond ASCII escaped: as Python writes.</summary>
    Spaced,
}
