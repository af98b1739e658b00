using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// What of an endpoint must not be recorded where its receiver gives it back: signing secrets, values
/// of custom headers, and what its URL keeps in the query and before the host. Immutable.
/// </summary>
internal sealed class SecretTexts
{
    /// <summary>Shorter ones cannot be told from what any text holds.</summary>
    public const int BytesMin = 4;

    private SecretTexts(IEnumerable<string> texts)
    {
        var plain = texts
            .Distinct(StringComparer.Ordinal)
            .Select(Encoding.UTF8.GetBytes)
            .Where(text => text.Length >= BytesMin)
            .ToArray();
        Plain = Divide(plain);
        Folded = Divide([
            .. plain.Select(text => FoldedText.Fold(text)).Where(text => text.Length >= BytesMin),
        ]);
    }

    /// <summary>As they are.</summary>
    public (byte[][] Short, byte[][] Long) Plain { get; }

    /// <summary>As <see cref="FoldedText"/> has them.</summary>
    public (byte[][] Short, byte[][] Long) Folded { get; }

    /// <summary>Gathers them.</summary>
    public static SecretTexts Of(
        IEnumerable<SigningSecret> secrets,
        IEnumerable<KeyValuePair<string, string>> headers,
        Uri url
    ) =>
        new([
            .. secrets.SelectMany(secret => Parts(secret.Value, SigningSecret.Prefix)),
            .. headers.SelectMany(header => Parts(header.Value, " ")),
            .. OfUrl(url),
        ]);

    /// <summary>
    /// A text, and what follows a separator in it: the key behind <c>whsec_</c>, the credentials behind
    /// <c>Bearer</c>.
    /// </summary>
    private static IEnumerable<string> Parts(string text, string separator)
    {
        yield return text;
        var end = text.IndexOf(separator, StringComparison.Ordinal);
        if (end >= 0)
        {
            yield return text[(end + separator.Length)..];
        }
    }

    private static IEnumerable<string> OfUrl(Uri url)
    {
        var query = url.Query.TrimStart('?');
        string[] kept =
        [
            query,
            .. query.Split('&').Select(pair => pair[(pair.IndexOf('=') + 1)..]),
            .. Parts(url.UserInfo, ":"),
        ];
        return kept.Concat(kept.Select(Uri.UnescapeDataString));
    }

    /// <summary>Short ones are looked for as they are; of long ones, runs.</summary>
    private static (byte[][] Short, byte[][] Long) Divide(byte[][] texts) =>
        (
            [.. texts.Where(text => text.Length < SharedRuns.Length)],
            [.. texts.Where(text => text.Length >= SharedRuns.Length)]
        );
}
