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
);
