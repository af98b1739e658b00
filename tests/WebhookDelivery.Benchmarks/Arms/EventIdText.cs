namespace WebhookDelivery.Benchmarks;

/// <summary>Finds the event's id in an answer to a post.</summary>
internal static class EventIdText
{
    /// <summary>How long every id is, in bytes of ASCII.</summary>
    public const int Length = 30;

    /// <summary>The first id in it; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> answer)
    {
        var at = answer.IndexOf("evt_"u8);
        return at < 0 || at + Length > answer.Length ? default : answer.Slice(at, Length);
    }
}
