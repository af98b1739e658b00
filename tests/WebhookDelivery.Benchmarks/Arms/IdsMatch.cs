namespace WebhookDelivery.Benchmarks;

/// <summary>What a sink has seen of the ids that a load recorded.</summary>
/// <param name="Recorded">Distinct ids of 201s.</param>
/// <param name="Unseen">Those of them that the sink has not received.</param>
internal sealed record IdsMatch(long Recorded, long Unseen);
