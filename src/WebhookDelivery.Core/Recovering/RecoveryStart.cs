namespace WebhookDelivery.Core;

/// <summary>What came of asking for a recovery.</summary>
public abstract record RecoveryStart
{
    private RecoveryStart() { }

    /// <summary>It runs.</summary>
    /// <param name="Recovery">As it begins.</param>
    public sealed record Started(Recovery Recovery) : RecoveryStart;

    /// <summary>There is no such endpoint, or it is deleted.</summary>
    public sealed record NoEndpoint : RecoveryStart;

    /// <summary>The endpoint has as many running as it may.</summary>
    /// <param name="Max">How many that is.</param>
    public sealed record LimitReached(int Max) : RecoveryStart;
}
