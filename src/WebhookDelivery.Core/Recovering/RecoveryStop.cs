namespace WebhookDelivery.Core;

/// <summary>What came of asking for a recovery's end.</summary>
public abstract record RecoveryStop
{
    private RecoveryStop() { }

    /// <summary>It has ended, or ends once the batch under way is done.</summary>
    /// <param name="Recovery">As it is now.</param>
    public sealed record Stopped(Recovery Recovery) : RecoveryStop;

    /// <summary>There is no such recovery.</summary>
    public sealed record NotFound : RecoveryStop;

    /// <summary>It resumes what was parked: it ends when the endpoint is disabled, and with its work.</summary>
    public sealed record IsResume : RecoveryStop;
}
