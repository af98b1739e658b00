namespace WebhookDelivery.Core;

/// <summary>What a recovery has done so far: every delivery that matched was moved, skipped or failed.</summary>
/// <param name="Matched">Deliveries (of a replay: events) that its filter took.</param>
/// <param name="Moved">Of those, the ones that it started or cancelled.</param>
/// <param name="Skipped">Of those, the ones that had changed before their turn came.</param>
/// <param name="Failed">Of those, the ones that cannot be started: as often started anew as may be, or unreadable.</param>
public readonly record struct RecoveryCounts(long Matched, long Moved, long Skipped, long Failed)
{
    /// <summary>The sums.</summary>
    public static RecoveryCounts operator +(RecoveryCounts one, RecoveryCounts other) =>
        new(
            one.Matched + other.Matched,
            one.Moved + other.Moved,
            one.Skipped + other.Skipped,
            one.Failed + other.Failed
        );
}
