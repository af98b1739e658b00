using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>A range of sort keys, both ends inclusive.</summary>
/// <param name="Low">The least.</param>
/// <param name="High">The greatest.</param>
internal readonly record struct KeyRange(string Low, string High)
{
    /// <summary>Greater than any character of an id.</summary>
    private const string AfterAll = "~";

    /// <summary>All events and deliveries.</summary>
    public static KeyRange All { get; } = new(EventId.Prefix, EventId.Prefix + AfterAll);

    /// <summary>
    /// The events, with their deliveries, that were created within a range of times: an id's time part
    /// is when its event was created.
    /// </summary>
    /// <param name="since">From when, inclusive; null for no bound.</param>
    /// <param name="until">Until when, exclusive; null for no bound.</param>
    public static KeyRange Between(DateTimeOffset? since, DateTimeOffset? until)
    {
        var low = since is { } from ? IdTimes.FirstAt(from).ToString() : All.Low;
        var high = until is { } to ? IdTimes.FirstAt(to).ToString() : All.High;

        // DynamoDB refuses a range whose ends are the wrong way round. No event has the first id of a
        // millisecond.
        return new(low, string.CompareOrdinal(low, high) > 0 ? low : high);
    }

    /// <summary>What of the range is before an event; the event's own item is still in it.</summary>
    public KeyRange Before(EventId? eventId) => Below(eventId?.ToString());

    /// <summary>What of the range is before an event or one of its deliveries.</summary>
    public KeyRange Through(EventId? eventId) =>
        Below(eventId is { } id ? $"{id}#{AfterAll}" : null);

    /// <summary>What of the range is after an event and all of its deliveries.</summary>
    public KeyRange After(EventId? eventId) =>
        eventId is { } id
        && $"{id}#{AfterAll}" is var bound
        && string.CompareOrdinal(bound, Low) > 0
            ? this with
            {
                Low = bound,
            }
            : this;

    private KeyRange Below(string? bound) =>
        bound is not null && string.CompareOrdinal(bound, High) < 0
            ? this with
            {
                High = bound,
            }
            : this;
}
