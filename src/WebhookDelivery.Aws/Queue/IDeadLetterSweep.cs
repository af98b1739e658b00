namespace WebhookDelivery.Aws;

/// <summary>Brings the dead-letter queue in line with the store, now and then.</summary>
internal interface IDeadLetterSweep
{
    /// <summary>Does what is due now of it; usually nothing. Idempotent, and harmless when many call it.</summary>
    ValueTask SweepAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
