namespace WebhookDelivery.Aws;

/// <summary>
/// The rule of `due-index`, for whoever writes an open delivery and whoever enqueues it. Pure.
/// </summary>
internal static class DueTimes
{
    /// <summary>Where a delivery stands whose next attempt is due at a time.</summary>
    /// <param name="next">When the attempt is due; in the past for one that waits its turn already.</param>
    /// <param name="now">The time now.</param>
    /// <param name="options">The longest delay, the grace and how far the sweeper looks ahead.</param>
    public static DueTime Of(DateTimeOffset next, DateTimeOffset now, AwsEngineOptions options) =>
        next - now > options.DelayMax
            ? new DueTime(next, Rests: true)
            : new DueTime(Healing(next > now ? next : now, options), Rests: false);

    /// <summary>
    /// When a message that is due at a time counts as lost. The sweeper looks ahead, so what it must
    /// not touch before the grace is over lies that much later.
    /// </summary>
    public static DateTimeOffset Healing(DateTimeOffset due, AwsEngineOptions options) =>
        due + options.HealingGrace + LookAhead(options);

    /// <summary>How far the sweeper looks ahead: never further than a message can wait.</summary>
    public static TimeSpan LookAhead(AwsEngineOptions options) =>
        options.LookAhead < options.DelayMax ? options.LookAhead : options.DelayMax;
}
