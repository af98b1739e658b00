namespace WebhookDelivery.Benchmarks;

/// <summary>What deleting expired events takes, and what it does to ingest.</summary>
/// <param name="Expired">How many there were.</param>
/// <param name="Before">Ingest of a server that deletes nothing.</param>
/// <param name="During">Ingest of one that deletes.</param>
/// <param name="DeletedUnderLoad">Events that went while its throughput was measured.</param>
/// <param name="DeletedUnderPosts">Events that went while its answers' times were measured.</param>
/// <param name="Seconds">From the first deletion to the last, pauses between rounds included.</param>
/// <param name="ActiveSeconds">Of it, the time in which events went.</param>
internal sealed record RetentionFigures(
    long Expired,
    IngestFigures Before,
    IngestFigures During,
    long DeletedUnderLoad,
    long DeletedUnderPosts,
    double Seconds,
    double ActiveSeconds
);
