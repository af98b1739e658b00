namespace WebhookDelivery.Core;

/// <summary>What must happen to an endpoint's backlog after a change of its state. Stored by number.</summary>
public enum BacklogAction
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It was enabled: its PARKED deliveries become PENDING.</summary>
    Resume = 1,

    /// <summary>It was deleted: its open and parked deliveries become CANCELLED.</summary>
    Cancel = 2,
}
