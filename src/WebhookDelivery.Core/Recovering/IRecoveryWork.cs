namespace WebhookDelivery.Core;

/// <summary>
/// What one kind of recovery looks for, and what it does with it: both can be done again. Bounded work per
/// call.
/// </summary>
internal interface IRecoveryWork
{
    /// <summary>Lists what comes next, at most <paramref name="max"/>.</summary>
    /// <param name="endpoint">Whose deliveries.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="cursor">The last that was looked at; null at the beginning.</param>
    /// <param name="max">Most to find.</param>
    /// <param name="cancellationToken">Ends the reads.</param>
    ValueTask<RecoveryPage> ListAsync(
        Endpoint endpoint,
        RecoveryFilter filter,
        EventId? cursor,
        int max,
        CancellationToken cancellationToken
    );

    /// <summary>Moves one, if it is still as it was found.</summary>
    /// <param name="recovery">For which recovery.</param>
    /// <param name="planned">What was found.</param>
    /// <param name="dueAt">When it is to be attempted.</param>
    /// <param name="isRepeated">Whether an earlier try may have moved it already.</param>
    /// <param name="now">The time now.</param>
    /// <param name="cancellationToken">Gives up: what was moved is found to be by the next try.</param>
    ValueTask<RecoveryMove> MoveAsync(
        Recovery recovery,
        PlannedDelivery planned,
        DateTimeOffset dueAt,
        bool isRepeated,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );
}
