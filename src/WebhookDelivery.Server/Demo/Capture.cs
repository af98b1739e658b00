namespace WebhookDelivery.Server;

/// <summary>One request as the demo's receiver got it, before and after it was judged.</summary>
/// <param name="Headers">The headers that sign it.</param>
/// <param name="Body">The exact bytes.</param>
/// <param name="At">When it came.</param>
/// <param name="StatusCode">What was answered.</param>
internal sealed record Capture(
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body,
    DateTimeOffset At,
    int StatusCode
)
{
    public string WebhookId => Headers.GetValueOrDefault("webhook-id", "");
}
