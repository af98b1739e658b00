using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace WebhookDelivery.Api;

/// <summary>Says whether a request's body claims to be plain JSON in UTF-8.</summary>
internal static class MediaType
{
    public static bool IsJson(IHeaderDictionary headers)
    {
        if (headers.ContentEncoding.Count > 0)
        {
            return false;
        }

        // What nearly every client sends; the rest is parsed.
        string? text = headers.ContentType;
        return text is "application/json" || Parse(text);
    }

    private static bool Parse(string? text) =>
        MediaTypeHeaderValue.TryParse(text, out var type)
        && (
            type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
        )
        && (
            !type.Charset.HasValue
            || HeaderUtilities
                .RemoveQuotes(type.Charset)
                .Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        );
}
