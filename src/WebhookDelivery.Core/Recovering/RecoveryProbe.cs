namespace WebhookDelivery.Core;

/// <summary>A delivery that a recovery started, and by whose fate it sets its pace.</summary>
/// <param name="EventId">What is delivered.</param>
/// <param name="Generation">The generation that was started.</param>
/// <param name="Attempts">Attempts that had been made in it then.</param>
/// <param name="DueAt">When it was made due.</param>
public readonly record struct RecoveryProbe(
    EventId EventId,
    int Generation,
    int Attempts,
    DateTimeOffset DueAt
);
