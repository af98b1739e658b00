using System.Globalization;

namespace WebhookDelivery.Core;

/// <summary>Times in sentences.</summary>
internal static class Instant
{
    /// <summary>To the second, in UTC, such as <c>2026-01-31T12:00:00Z</c>.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
