using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace WebhookDelivery.Signatures;

/// <summary>
/// A secret that producer and receiver share, ready to sign and verify.
/// </summary>
/// <remarks>
/// <para>
/// Two kinds exist. <c>whsec_</c> followed by the padded base64 of 24–64 bytes signs both ways.
/// Any other text of 16–256 printable ASCII characters (a space may stand inside, not at an end)
/// signs Stripe-style only; it lets a receiver keep the secret it already has.
/// </para>
/// <para>
/// Immutable and thread-safe. Keep an instance as long as the secret lives: it keeps the keyed
/// hash states that make signing fast. Two instances of the same text are not equal; there is no
/// comparison by value, so that none runs in variable time by accident.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SigningSecret
{
    /// <summary>What a secret that signs both ways begins with: <c>whsec_</c>.</summary>
    public const string Prefix = "whsec_";

    /// <summary>The fewest characters of any secret, inclusive: 16.</summary>
    public const int LengthMin = 16;

    /// <summary>The most characters of any secret, inclusive: 256.</summary>
    public const int LengthMax = 256;

    /// <summary>The fewest bytes behind <see cref="Prefix"/>, inclusive: 24.</summary>
    public const int KeyBytesMin = 24;

    /// <summary>The most bytes behind <see cref="Prefix"/>, inclusive: 64.</summary>
    public const int KeyBytesMax = 64;

    private const int GeneratedKeyBytes = 32;

    private SigningSecret(string value, byte[]? standardKey)
    {
        Value = value;
        StripeHash = new KeyedHash(Encoding.UTF8.GetBytes(value));
        StandardHash = standardKey is null ? null : new KeyedHash(standardKey);
    }

    /// <summary>The secret itself, as shown to the tenant once. Never log it.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Value { get; }

    /// <summary>The schemes this secret can sign: Stripe always, Standard Webhooks if it has the form.</summary>
    public SignatureSchemes Schemes =>
        SupportsStandardWebhooks
            ? SignatureSchemes.Stripe | SignatureSchemes.StandardWebhooks
            : SignatureSchemes.Stripe;

    /// <summary>Whether the secret is <c>whsec_</c> and base64 of 24–64 bytes.</summary>
    [MemberNotNullWhen(true, nameof(StandardHash))]
    public bool SupportsStandardWebhooks => StandardHash is not null;

    internal KeyedHash StripeHash { get; }

    internal KeyedHash? StandardHash { get; }

    /// <summary>Makes a new secret, <c>whsec_</c> and the base64 of 32 random bytes; it signs both ways.</summary>
    /// <returns>The secret.</returns>
    public static SigningSecret Generate()
    {
        var key = RandomNumberGenerator.GetBytes(GeneratedKeyBytes);
        return new SigningSecret(Prefix + Convert.ToBase64String(key), key);
    }

    /// <summary>Reads a secret. Never throws.</summary>
    /// <param name="text">The text, exactly; nothing is trimmed.</param>
    /// <param name="secret">The secret, or <see langword="null"/> if the text is none.</param>
    /// <returns>Whether the text is a secret.</returns>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out SigningSecret? secret
    ) => TryParse(text, out secret, out _);

    /// <summary>Reads a secret, and says what is wrong with a text that is none. Never throws.</summary>
    /// <param name="text">The text, exactly; nothing is trimmed.</param>
    /// <param name="secret">The secret, or <see langword="null"/> if the text is none.</param>
    /// <param name="problem">
    /// A sentence for the person who chose the text, which repeats none of it; or
    /// <see langword="null"/> if it is a secret.
    /// </param>
    /// <returns>Whether the text is a secret.</returns>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        [NotNullWhen(true)] out SigningSecret? secret,
        [NotNullWhen(false)] out string? problem
    )
    {
        problem = FindProblem(text);
        secret = problem is null ? new SigningSecret(text!, DecodeStandardKey(text!)) : null;
        return secret is not null;
    }

    /// <summary>Names the schemes only; the secret never shows.</summary>
    /// <returns>For example <c>SigningSecret (Stripe, StandardWebhooks)</c>.</returns>
    public override string ToString() => $"{nameof(SigningSecret)} ({Schemes})";

    private static string? FindProblem(string? text)
    {
        if (text is null || text.Length is < LengthMin or > LengthMax)
        {
            return "A secret has 16 to 256 characters.";
        }

        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return "A secret consists of printable ASCII characters.";
        }

        return text[0] == ' ' || text[^1] == ' '
            ? "A secret neither begins nor ends with a space."
            : null;
    }

    private static byte[]? DecodeStandardKey(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.Contains(' '))
        {
            return null;
        }

        // Exactly the text that encoding gives: receivers' libraries differ in what else they take.
        Span<byte> key = stackalloc byte[LengthMax];
        return
            Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), key, out var length)
            && length is >= KeyBytesMin and <= KeyBytesMax
            && text.AsSpan(Prefix.Length).SequenceEqual(Convert.ToBase64String(key[..length]))
            ? key[..length].ToArray()
            : null;
    }
}
