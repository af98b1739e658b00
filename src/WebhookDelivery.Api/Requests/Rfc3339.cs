using System.Globalization;

namespace WebhookDelivery.Api;

/// <summary>Reads times as RFC 3339 defines them, with a zone: <c>Z</c> or <c>+hh:mm</c>.</summary>
internal static class Rfc3339
{
    public const string Fault =
        "Must be a time of RFC 3339 with a zone, such as 2026-01-02T03:04:05Z.";

    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        var zoned =
            text is { Length: >= 20 and <= 40 } && (text[^1] == 'Z' || text[^6] is '+' or '-');
        return zoned
            && DateTimeOffset.TryParseExact(
                text,
                ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal,
                out time
            );
    }
}
