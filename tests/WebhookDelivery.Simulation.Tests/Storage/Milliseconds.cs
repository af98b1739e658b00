namespace WebhookDelivery.Simulation.Tests;

/// <summary>Times as stores keep them: whole milliseconds.</summary>
internal static class Milliseconds
{
    public static DateTimeOffset Floor(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    public static DateTimeOffset? Floor(DateTimeOffset? time) =>
        time is { } given ? Floor(given) : null;
}
