using System.Text;
using System.Text.RegularExpressions;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// Looks for secrets in bytes that somebody keeps: as text in two encodings, as the bytes
/// that a secret stands for, and all of that within what is there in base64.
/// </summary>
public static partial class SecretSearch
{
    /// <summary>Fails if one of the secrets is there.</summary>
    /// <param name="secrets">The secrets, with what each is.</param>
    /// <param name="bytes">Where to look.</param>
    public static void AssertNone(IReadOnlyDictionary<string, string> secrets, byte[] bytes)
    {
        bytes = [.. bytes, .. Decoded(bytes)];
        foreach (var (secret, what) in secrets)
        {
            Assert.False(Holds(bytes, Encoding.UTF8.GetBytes(secret)), $"Found the {what}.");
            Assert.False(Holds(bytes, Encoding.Unicode.GetBytes(secret)), $"Found the {what}.");
            if (what.EndsWith("secret", StringComparison.Ordinal) && IsBase64(secret, out var raw))
            {
                Assert.False(Holds(bytes, raw), $"Found the bytes of the {what}.");
            }
        }
    }

    /// <summary>Whether a text is there, in UTF-8, also within base64.</summary>
    public static bool Holds(byte[] bytes, string text) =>
        Holds([.. bytes, .. Decoded(bytes)], Encoding.UTF8.GetBytes(text));

    /// <summary>What every stretch of base64 stands for; JSON may have written its plus signs as escapes.</summary>
    private static IEnumerable<byte> Decoded(byte[] bytes)
    {
        var text = Encoding
            .Latin1.GetString(bytes)
            .Replace("\\u002B", "+", StringComparison.OrdinalIgnoreCase);
        return Stretches()
            .Matches(text)
            .SelectMany(stretch =>
                Convert.FromBase64String(stretch.Value[..^(stretch.Length % 4)])
            );
    }

    [GeneratedRegex("[A-Za-z0-9+/]{16,}", RegexOptions.None, 10_000)]
    private static partial Regex Stretches();

    private static bool Holds(byte[] bytes, byte[] part) => bytes.AsSpan().IndexOf(part) >= 0;

    private static bool IsBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var good = Convert.TryFromBase64String(text, bytes, out var length);
        bytes = bytes[..length];
        return good && length >= 24;
    }
}
