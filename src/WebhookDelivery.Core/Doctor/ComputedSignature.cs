using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>A signature that a receiver computed, read from however it wrote it.</summary>
/// <param name="Mac">Its 32 bytes.</param>
/// <param name="Encoding">How they are written.</param>
internal sealed record ComputedSignature(byte[] Mac, MacEncoding Encoding)
{
    private const int MacBytes = 32;

    /// <summary>Reads it; null, and why, if it is no HMAC-SHA256.</summary>
    public static ComputedSignature? Read(string text, out string? problem)
    {
        var bare = Bare(text);
        problem = null;
        if (TryDecode(bare, out var encoding) is not { } bytes)
        {
            problem = "It is neither hex nor base64.";
            return null;
        }

        if (bytes.Length != MacBytes)
        {
            problem = bytes.Length switch
            {
                20 => "It has 20 bytes, as HMAC-SHA1 has; compute HMAC-SHA256.",
                64 => "It has 64 bytes, as HMAC-SHA512 has; compute HMAC-SHA256.",
                _ => $"It has {bytes.Length} bytes; an HMAC-SHA256 has {MacBytes}.",
            };
            return null;
        }

        return new ComputedSignature(bytes, encoding);
    }

    /// <summary>Whether a scheme's signatures are written this way.</summary>
    public bool IsWrittenAs(SignatureSchemes scheme) =>
        Encoding == (scheme == SignatureSchemes.Stripe ? MacEncoding.LowerHex : MacEncoding.Base64);

    /// <summary>Without what the schemes and other platforms put in front of it.</summary>
    private static string Bare(string text)
    {
        var bare = text.Trim().Trim('"', '\'').Trim();
        var version = bare.IndexOf("v1=", StringComparison.Ordinal);
        if (version >= 0)
        {
            return bare[(version + 3)..].Split(',')[0];
        }

        foreach (var lead in new[] { "v1,", "sha256=" })
        {
            if (bare.StartsWith(lead, StringComparison.Ordinal))
            {
                return bare[lead.Length..].Split(' ')[0];
            }
        }

        return bare;
    }

    private static byte[]? TryDecode(string text, out MacEncoding encoding)
    {
        encoding = MacEncoding.Base64;
        if (text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit))
        {
            encoding = text.Any(char.IsAsciiLetterUpper)
                ? MacEncoding.UpperHex
                : MacEncoding.LowerHex;
            return Convert.FromHexString(text);
        }

        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        standard += new string('=', (4 - (standard.Length % 4)) % 4);
        encoding = standard == text ? MacEncoding.Base64 : MacEncoding.OtherBase64;
        var bytes = new byte[standard.Length];
        return standard.Length > 0 && Convert.TryFromBase64String(standard, bytes, out var length)
            ? bytes[..length]
            : null;
    }
}
