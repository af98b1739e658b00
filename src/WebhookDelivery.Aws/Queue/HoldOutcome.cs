namespace WebhookDelivery.Aws;

/// <summary>What came of holding the claim of a message.</summary>
internal enum HoldOutcome
{
    /// <summary>It is held.</summary>
    Held,

    /// <summary>Another message of the same attempt is held, and stands for this one.</summary>
    Redundant,

    /// <summary>It is held already, or nearly no longer: leave the message to come again.</summary>
    Busy,
}
