using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// When DynamoDB may delete items. Retention itself is judged by every read: the time to live only
/// cleans up behind it.
/// </summary>
/// <remarks>
/// An absent delivery item means PENDING, so it must never go before its event does. Every write of a
/// delivery therefore gives it longer than its event can have: what an event has at creation, or is
/// given again when it is restarted late, plus <see cref="Slack"/>, since DynamoDB deletes within
/// some days of the time, in no order.
/// </remarks>
internal static class Lifetimes
{
    /// <summary>The longest that a retry schedule can take.</summary>
    public static readonly TimeSpan ScheduleMax = TimeSpan.FromDays(14);

    /// <summary>
    /// More than is needed, so that a requeue within the first days need not touch the event, and so
    /// that deliveries go after it.
    /// </summary>
    public static readonly TimeSpan Slack = TimeSpan.FromDays(7);

    /// <summary>The `ttl` of an event, Unix seconds.</summary>
    /// <param name="from">When it was created, is to be delivered, or was last given more time.</param>
    /// <param name="retention">How long finished events are kept.</param>
    public static long OfEvent(DateTimeOffset from, Retention retention) =>
        (from + Longest(retention) + Slack).ToUnixTimeSeconds();

    /// <summary>The `ttl` of a delivery that is written now, Unix seconds.</summary>
    /// <param name="now">The time of the write.</param>
    /// <param name="retention">How long finished events are kept.</param>
    public static long OfDelivery(DateTimeOffset now, Retention retention) =>
        (now + Longest(retention) + Slack + Slack).ToUnixTimeSeconds();

    /// <summary>The longest that anything finished is kept.</summary>
    /// <param name="retention">How long finished events and dead letters are kept.</param>
    public static TimeSpan Kept(Retention retention) =>
        retention.Events > retention.DeadLetters ? retention.Events : retention.DeadLetters;

    private static TimeSpan Longest(Retention retention) => ScheduleMax + Kept(retention);
}
