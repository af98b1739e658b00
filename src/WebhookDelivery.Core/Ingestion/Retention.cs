namespace WebhookDelivery.Core;

/// <summary>How long what is finished is kept.</summary>
/// <param name="Events">Events whose deliveries are all closed or parked, from the last change (default 30 days).</param>
/// <param name="DeadLetters">Dead letters, from the last change (default 14 days).</param>
public sealed record Retention(TimeSpan Events, TimeSpan DeadLetters)
{
    /// <summary>30 days, and 14 for dead letters.</summary>
    public static Retention Default { get; } = new(TimeSpan.FromDays(30), TimeSpan.FromDays(14));

    /// <summary>How long statistics are kept, from the end of their hour; default 30 days.</summary>
    public TimeSpan Statistics { get; init; } = TimeSpan.FromDays(30);
}
