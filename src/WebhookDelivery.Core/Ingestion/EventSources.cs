namespace WebhookDelivery.Core;

/// <summary>Sorts and names sources.</summary>
public static class EventSources
{
    /// <summary>Whether what was started by it makes up for what was missed, and so goes behind live deliveries.</summary>
    public static bool IsBacklog(this EventSource source) =>
        source is EventSource.Recover or EventSource.Replay;

    /// <summary>The API's name, such as <c>redeliver</c>: the member's own in lower case.</summary>
    public static string ToCode(this EventSource source) =>
        Enum.GetName(source)?.ToLowerInvariant()
        ?? throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source.");
}
