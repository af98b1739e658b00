namespace WebhookDelivery.Core;

/// <summary>What a recovery does with the deliveries it finds. Stored by number.</summary>
public enum RecoveryKind
{
    /// <summary>Starts deliveries anew that were not made.</summary>
    Recover = 0,

    /// <summary>Delivers events that had no delivery to the endpoint, and that it takes now.</summary>
    Replay = 1,

    /// <summary>Cancels deliveries that are still to be made.</summary>
    Cancel = 2,

    /// <summary>The endpoint was enabled: its PARKED deliveries become PENDING.</summary>
    Resume = 3,
}
