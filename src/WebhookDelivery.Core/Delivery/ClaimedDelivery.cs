namespace WebhookDelivery.Core;

/// <summary>
/// A due delivery held under a lease: nobody else is given it until it is completed, postponed, or
/// the lease ends (with the process on the embedded engine, by time on AWS).
/// </summary>
/// <param name="Due">What is due.</param>
/// <param name="Receipt">The queue's own handle for the lease; null where the key is enough.</param>
/// <param name="LeaseEndsAt">
/// When it may be given to somebody else; null if not before this process ends. What cannot be
/// attempted before then is postponed.
/// </param>
/// <param name="Postponements">How often it was postponed before; a queue spaces them out by it.</param>
public sealed record ClaimedDelivery(
    DueDelivery Due,
    string? Receipt = null,
    DateTimeOffset? LeaseEndsAt = null,
    int Postponements = 0
)
{
    /// <summary>How long a first attempt waits in a queue that others share before it may be old news.</summary>
    internal static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(1);

    private volatile bool _withdrawn;

    /// <summary>
    /// Whether the delivery was cancelled or started anew since it was claimed, as far as the queue was
    /// told.
    /// </summary>
    public bool IsWithdrawn => _withdrawn;

    /// <summary>Says that the delivery was cancelled or started anew. Not undone.</summary>
    public void Withdraw() => _withdrawn = true;

    /// <summary>
    /// Whether the store must be asked before it is attempted. A queue in this process says so itself. One
    /// that others share is not told of what happens to a message: only a live first attempt that comes
    /// within a minute is taken for fresh, so that what succeeds at once costs no read.
    /// </summary>
    public bool MayBeStale(DateTimeOffset now) =>
        _withdrawn
        || (
            LeaseEndsAt is not null
            && (
                Due is not { Generation: 1, Attempt: 1 }
                || Postponements > 0
                || now - Due.DueAt > FreshFor
            )
        );
}
