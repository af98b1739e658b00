using System.Buffers;
using System.Globalization;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>What the headers of each scheme must look like, and in which known ways they do not.</summary>
internal static class HeaderForms
{
    private const int MacBytes = 32;
    private const int HexLength = MacBytes * 2;
    private static readonly SearchValues<char> s_lowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>What is wrong with Stripe-Signature; null if nothing is.</summary>
    public static SignatureFault? FindStripeFault(string header)
    {
        var items = header.Split(',');
        var signatures = items.Where(each => each.StartsWith("v1=", StringComparison.Ordinal));
        if (header.Length > StripeSignature.HeaderLengthMax)
        {
            return Malformed(StripeSignature.HeaderName, "It is too long.");
        }

        if (header.Contains(", ", StringComparison.Ordinal))
        {
            return Malformed(StripeSignature.HeaderName, "It has a space behind a comma.");
        }

        if (!items.Any(each => each.StartsWith("t=", StringComparison.Ordinal)))
        {
            return Malformed(StripeSignature.HeaderName, "It has no t=<unix seconds>.");
        }

        if (ReadStripeTime(header) is null)
        {
            return Malformed(
                StripeSignature.HeaderName,
                TimeProblem(StripeTimeText(header) ?? "", "Its t")
            );
        }

        if (!signatures.Any())
        {
            return items.Any(IsOtherVersion)
                ? NoVersion(StripeSignature.HeaderName, "v1=<hex>")
                : Malformed(StripeSignature.HeaderName, "It has no v1=<hex>.");
        }

        if (signatures.Any(each => IsLowerHex(each.AsSpan(3))))
        {
            return null;
        }

        var isUpper = signatures.Any(each => IsLowerHex(each[3..].ToLowerInvariant()));
        return Malformed(
            StripeSignature.HeaderName,
            isUpper
                ? "The hex of its v1 is in upper case; it is sent in lower case."
                : "Its v1 is not 64 hex digits: it was cut off or changed."
        );
    }

    /// <summary>What is wrong with the three webhook- headers, which are all there; null if nothing is.</summary>
    public static SignatureFault? FindStandardFault(SignatureHeaders headers)
    {
        if (!StandardWebhooksSignature.IsValidId(headers.WebhookId))
        {
            return Malformed(
                StandardWebhooksSignature.IdHeaderName,
                "It has 1 to 255 visible ASCII characters and no full stop."
            );
        }

        if (ReadTime(headers.WebhookTimestamp) is null)
        {
            return Malformed(
                StandardWebhooksSignature.TimestampHeaderName,
                TimeProblem(headers.WebhookTimestamp!, "It")
            );
        }

        var name = StandardWebhooksSignature.SignatureHeaderName;
        var items = headers.WebhookSignature!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var signatures = items.Where(each => each.StartsWith("v1,", StringComparison.Ordinal));
        if (headers.WebhookSignature.Length > StandardWebhooksSignature.SignatureLengthMax)
        {
            return Malformed(name, "It is too long.");
        }

        if (!signatures.Any())
        {
            return items.Any(IsOtherVersion)
                ? NoVersion(name, "v1,<base64>")
                : Malformed(name, "It has no v1,<base64>.");
        }

        return signatures.Any(each => IsMacInBase64(each[3..])) ? null
            : signatures.Any(each => IsLowerHex(each[3..].ToLowerInvariant()))
                ? Malformed(name, "Its v1 is in hex; it is sent in base64.")
            : Malformed(
                name,
                "Its v1 is not the base64 of 32 bytes: it was cut off or changed, or a plus became a space."
            );
    }

    /// <summary>The time that Stripe-Signature states; null if it states none.</summary>
    public static DateTimeOffset? ReadStripeTime(string? header) =>
        ReadTime(StripeTimeText(header));

    /// <summary>The text of that time; null if there is none.</summary>
    public static string? StripeTimeText(string? header) =>
        header
            ?.Split(',')
            .FirstOrDefault(each => each.StartsWith("t=", StringComparison.Ordinal))
            ?[2..];

    /// <summary>Reads Unix seconds, of at most 12 digits; null for anything else.</summary>
    public static DateTimeOffset? ReadTime(string? text) =>
        text is { Length: <= 12 }
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    public static SignatureFault Malformed(string header, string problem) =>
        new(
            SignatureFaultCode.MalformedHeader,
            SchemeOf(header),
            $"The header {header} has not the form that it is sent in. {problem}",
            "Give the headers just as they came. If they came so, something between the platform and your receiver changes them."
        );

    public static SignatureSchemes SchemeOf(string header) =>
        header == StripeSignature.HeaderName
            ? SignatureSchemes.Stripe
            : SignatureSchemes.StandardWebhooks;

    private static SignatureFault NoVersion(string header, string form) =>
        new(
            SignatureFaultCode.NoKnownVersion,
            SchemeOf(header),
            $"The header {header} has signatures, but none of the form {form}, the only version that the platform sends.",
            "It is not the platform's header, or something changed it: look at what stands between."
        );

    private static string TimeProblem(string text, string subject) =>
        text.Length == 13 && text.All(char.IsAsciiDigit)
            ? $"{subject} is Unix time in milliseconds; it is sent in seconds."
            : $"{subject} is not Unix time in seconds.";

    /// <summary>Such as <c>v0=…</c> or <c>v1a,…</c>.</summary>
    private static bool IsOtherVersion(string item) =>
        item.Length > 3
        && item[0] == 'v'
        && char.IsAsciiDigit(item[1])
        && item.AsSpan(2).IndexOfAny('=', ',') is >= 0 and < 4;

    private static bool IsLowerHex(ReadOnlySpan<char> text) =>
        text.Length == HexLength && !text.ContainsAnyExcept(s_lowerHex);

    private static bool IsMacInBase64(string text)
    {
        Span<byte> mac = stackalloc byte[MacBytes];
        return text.Length == 44
            && Convert.TryFromBase64String(text, mac, out var length)
            && length == MacBytes;
    }
}
