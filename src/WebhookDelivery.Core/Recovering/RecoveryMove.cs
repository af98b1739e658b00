namespace WebhookDelivery.Core;

/// <summary>What came of moving one delivery.</summary>
/// <param name="Counts">One that matched, and how it ended.</param>
/// <param name="Due">What to enqueue; null if there is nothing.</param>
internal readonly record struct RecoveryMove(RecoveryCounts Counts, DueDelivery? Due)
{
    /// <summary>It is as the recovery wants it, since an earlier try; the queue hears of it by its due time.</summary>
    public static readonly RecoveryMove Moved = new(new(1, 1, 0, 0), null);

    /// <summary>It changed before its turn came.</summary>
    public static readonly RecoveryMove Skipped = new(new(1, 0, 1, 0), null);

    /// <summary>It cannot be moved.</summary>
    public static readonly RecoveryMove Failed = new(new(1, 0, 0, 1), null);

    /// <summary>It was started.</summary>
    public static RecoveryMove Started(DueDelivery due) => Moved with { Due = due };
}
