namespace WebhookDelivery.Core;

/// <summary>
/// What is owed after a change of an endpoint's state. Stored by number. <see cref="Resume"/> and
/// <see cref="Cancel"/> never stand together; <see cref="Announce"/> may stand beside Resume, where an
/// endpoint was disabled again before its backlog was resumed.
/// </summary>
[Flags]
public enum BacklogAction
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It was enabled: its PARKED deliveries become PENDING.</summary>
    Resume = 1,

    /// <summary>It was deleted: its open and parked deliveries become CANCELLED.</summary>
    Cancel = 2,

    /// <summary>The platform disabled it, and its tenant has not been told yet.</summary>
    Announce = 4,
}
