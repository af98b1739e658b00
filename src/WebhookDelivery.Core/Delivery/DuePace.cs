namespace WebhookDelivery.Core;

/// <summary>When each of several deliveries falls due, so that not all do at once.</summary>
/// <param name="From">When the first is due: now, or where the last pace ended.</param>
/// <param name="Interval">From one to the next; zero for all at once.</param>
public readonly record struct DuePace(DateTimeOffset From, TimeSpan Interval)
{
    /// <summary>All of them at one time.</summary>
    public static DuePace AtOnce(DateTimeOffset now) => new(now, TimeSpan.Zero);

    /// <summary>When the delivery of this index, from 0, is due.</summary>
    public DateTimeOffset At(int index) => From + (index * Interval);
}
