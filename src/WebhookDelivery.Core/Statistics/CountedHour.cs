namespace WebhookDelivery.Core;

/// <summary>An hour and what happened in it.</summary>
/// <param name="Hour">When it begins, in UTC.</param>
/// <param name="Counts">What happened.</param>
public sealed record CountedHour(DateTimeOffset Hour, HourCounts Counts);
