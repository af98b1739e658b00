namespace WebhookDelivery.Core;

/// <summary>Sorts and names sources.</summary>
public static class EventSources
{
    /// <summary>Whether what was started by it makes up for what was missed, and so goes behind live deliveries.</summary>
    public static bool IsBacklog(this EventSource source) =>
        source is EventSource.Recover or EventSource.Replay;

    /// <summary>The API's name, such as <c>redeliver</c>.</summary>
    public static string ToCode(this EventSource source) =>
        source switch
        {
            EventSource.Live => "live",
            EventSource.Test => "test",
            EventSource.Redeliver => "redeliver",
            EventSource.Recover => "recover",
            EventSource.Replay => "replay",
            EventSource.Operational => "operational",
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Unknown source."),
        };
}
