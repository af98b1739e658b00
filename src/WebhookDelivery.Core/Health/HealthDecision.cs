namespace WebhookDelivery.Core;

/// <summary>What an outcome means for its endpoint's health, where it means anything.</summary>
public abstract record HealthDecision
{
    private HealthDecision() { }

    /// <summary>It has failed often and long enough to be called failing.</summary>
    public sealed record Failing : HealthDecision
    {
        internal Failing(DateTimeOffset since, FailureStreak streak) =>
            (Since, Streak) = (since, streak);

        /// <summary>When the first of the failures began.</summary>
        public DateTimeOffset Since { get; }

        internal FailureStreak Streak { get; }
    }

    /// <summary>It was failing, and now succeeded.</summary>
    /// <param name="Since">Since when it was failing.</param>
    public sealed record Recovered(DateTimeOffset Since) : HealthDecision;

    /// <summary>It has failed for too long.</summary>
    public sealed record Disable : HealthDecision;
}
