namespace WebhookDelivery.Core;

/// <summary>What one pass over a payload found out about a node of a <see cref="FieldTree"/>.</summary>
internal struct FieldState
{
    /// <summary>How often a value of this node began.</summary>
    public int Entries { get; set; }

    /// <summary>In which entry of the node above the last one did.</summary>
    public int EntryAbove { get; set; }

    /// <summary>What that value is.</summary>
    public PayloadKind Kind { get; set; }

    /// <summary>Where a text or number begins in the payload, without quotes.</summary>
    public int Start { get; set; }

    /// <summary>Its bytes; 0 for any other value.</summary>
    public int Length { get; set; }
}
