using System.Security.Cryptography;
using System.Text;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>
/// A way in which a receiver may have spoilt a secret, undone. Each stands for a whole secret: nothing ever
/// tells of a part that is right, by which somebody could find a secret piece by piece.
/// </summary>
/// <param name="Text">What the secret would be.</param>
/// <param name="Problem">What was done to it, in a sentence; null where it is just as given.</param>
internal sealed record SecretSpelling(string Text, string? Problem)
{
    private const string Decoded =
        "Given is the key that the secret stands for; configure the secret itself, whsec_ included.";

    /// <summary>What the text that a receiver has may stand for, as it is first.</summary>
    public static IReadOnlyList<SecretSpelling> Of(string given)
    {
        var trimmed = given.Trim().Trim('"', '\'').Trim();
        List<SecretSpelling> all =
        [
            new(given, null),
            new(trimmed, "It has white space or quotes around it; remove them."),
            new(Prefixed(given), "It lacks whsec_ in front; give the whole secret."),
            new(Prefixed(trimmed), "It lacks whsec_ in front, and has white space around it."),
            new(Base64(trimmed), "Its base64 has other letters (- and _) or no padding."),
        ];
        if (TryHex(trimmed) is { } key)
        {
            all.Add(new(Prefixed(Convert.ToBase64String(key)), $"It is in hex. {Decoded}"));
        }

        if (given.All(character => character <= '\u00FF'))
        {
            var bytes = Encoding.Latin1.GetBytes(given);
            all.Add(
                new(Prefixed(Convert.ToBase64String(bytes)), $"It is base64-decoded. {Decoded}")
            );
        }

        if (TryBase64(trimmed) is { } text)
        {
            all.Add(new(text, "It is base64 of the secret: encoded once too often."));
        }

        return all;
    }

    /// <summary>A text's hash, to compare texts of any length in constant time.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string Prefixed(string text) => SigningSecret.Prefix + text;

    private static string Base64(string text)
    {
        var standard = text.Replace('-', '+').Replace('_', '/');
        var rest = standard.StartsWith("whsec/", StringComparison.Ordinal)
            ? standard[SigningSecret.Prefix.Length..]
            : standard;
        return Prefixed(
            rest.TrimEnd('=') + new string('=', (4 - (rest.TrimEnd('=').Length % 4)) % 4)
        );
    }

    private static byte[]? TryHex(string text) =>
        text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : null;

    private static string? TryBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }
}
