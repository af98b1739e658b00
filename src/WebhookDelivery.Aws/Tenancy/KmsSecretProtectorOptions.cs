namespace WebhookDelivery.Aws;

/// <summary>What <see cref="KmsSecretProtector"/> is told.</summary>
internal sealed record KmsSecretProtectorOptions
{
    /// <summary>The KMS key that wraps the tenants' data keys: its id, ARN or alias.</summary>
    public required string KeyId { get; init; }

    /// <summary>
    /// How long an unwrapped data key stays in memory; 10 minutes. Until then, what KMS would refuse by
    /// now still works in this process.
    /// </summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many unwrapped data keys are in memory at most; 10,000. The oldest goes first.</summary>
    public int KeysMax { get; init; } = 10_000;
}
