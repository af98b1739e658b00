using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What the headers of POST /events say.</summary>
/// <param name="Type">The event's type from <c>ce-type</c>; null to take the payload's.</param>
/// <param name="IdempotencyKey">The key; null for none.</param>
/// <param name="TraceParent">The W3C trace context; null for none that is well-formed.</param>
internal readonly record struct IntakeHeaders(
    string? Type,
    string? IdempotencyKey,
    string? TraceParent
)
{
    public const string TypeHeader = "ce-type";
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>Longest idempotency key, inclusive.</summary>
    public const int KeyLengthMax = 255;

    /// <summary>Reads them; <paramref name="refusal"/> is null unless one is not valid.</summary>
    public static IntakeHeaders Read(IHeaderDictionary headers, out Problem? refusal)
    {
        refusal = null;
        if (!MediaType.IsJson(headers))
        {
            refusal = Problems.NotJson;
            return default;
        }

        var types = headers[TypeHeader];
        if (types.Count > 1 || (types.Count == 1 && !EventTypeFilter.IsType(types[0])))
        {
            refusal = new Problem(
                ErrorCodes.InvalidEventType,
                $"The header {TypeHeader} must be 1 to {EventTypeFilter.TypeLengthMax} printable ASCII characters, given once."
            );
        }

        var keys = headers[KeyHeader];
        if (refusal is null && (keys.Count > 1 || (keys.Count == 1 && !IsKey(keys[0]))))
        {
            refusal = new Problem(
                ErrorCodes.InvalidIdempotencyKey,
                $"The header {KeyHeader} must be 1 to {KeyLengthMax} printable ASCII characters, given once."
            );
        }

        string? trace = headers.TraceParent;
        return new(types, keys, IsTraceParent(trace) ? trace : null);
    }

    private static bool IsKey(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= KeyLengthMax && !text.ContainsAnyExceptInRange(' ', '~');

    /// <summary>
    /// Version 00 of https://www.w3.org/TR/trace-context: <c>00-</c>, 32 and 16 lower-case hex digits
    /// that are not all zero, 2 of flags.
    /// </summary>
    private static bool IsTraceParent(ReadOnlySpan<char> text) =>
        text.Length == 55
        && text.StartsWith("00-")
        && text[35] == '-'
        && text[52] == '-'
        && IsHex(text[3..35])
        && IsHex(text[36..52])
        && IsHex(text[53..])
        && text[3..35].ContainsAnyExcept('0')
        && text[36..52].ContainsAnyExcept('0');

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigitLower(character))
            {
                return false;
            }
        }

        return true;
    }
}
