using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace WebhookDelivery.Signatures;

/// <summary>
/// Stripe's scheme: <c>t=&lt;unix seconds&gt;,v1=&lt;lowercase hex&gt;</c>, where <c>v1</c> is
/// HMAC-SHA256 over <c>t</c>, a full stop and the body's bytes, keyed with the UTF-8 bytes of the
/// whole secret, <c>whsec_</c> included. Source: https://docs.stripe.com/webhooks/signature.
/// </summary>
public static class StripeSignature
{
    /// <summary>The header's name: <c>Stripe-Signature</c>.</summary>
    public const string HeaderName = "Stripe-Signature";

    /// <summary>A longer header is malformed, characters; room for some 60 secrets.</summary>
    public const int HeaderLengthMax = 4096;

    private const string SignatureLead = ",v1=";
    private const int HexLength = KeyedHash.MacBytes * 2;

    /// <summary>Makes the header's value. Thread-safe.</summary>
    /// <param name="secrets">The live secrets, at least one; one <c>v1</c> each, in this order.</param>
    /// <param name="timestamp">The time of the attempt; its whole seconds are signed.</param>
    /// <param name="body">The exact bytes sent.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">No secret, or a time before 1970.</exception>
    public static string Sign(
        ReadOnlySpan<SigningSecret> secrets,
        DateTimeOffset timestamp,
        ReadOnlySpan<byte> body
    ) => Sign(secrets, UnixSeconds.Format(timestamp), body);

    /// <summary>Verifies the header. Never throws for what a sender may put into it.</summary>
    /// <param name="secrets">The secrets accepted; one match is enough.</param>
    /// <param name="header">The header's value, or <see langword="null"/> if absent.</param>
    /// <param name="body">The exact bytes received.</param>
    /// <param name="now">The current time.</param>
    /// <param name="tolerance">How far the timestamp may be from now, either way, inclusive.</param>
    /// <returns>The result; signatures are compared in constant time.</returns>
    public static VerificationResult Verify(
        ReadOnlySpan<SigningSecret> secrets,
        string? header,
        ReadOnlySpan<byte> body,
        DateTimeOffset now,
        TimeSpan tolerance
    )
    {
        if (string.IsNullOrEmpty(header))
        {
            return new VerificationResult.MissingHeader(HeaderName);
        }

        if (FindProblem(header, out var timestampText) is { } problem)
        {
            return new VerificationResult.MalformedHeader(HeaderName, problem);
        }

        if (!UnixSeconds.TryParse(timestampText, out var timestamp))
        {
            return new VerificationResult.MalformedHeader(HeaderName, "t is not Unix seconds.");
        }

        if (!UnixSeconds.IsWithin(timestamp, now, tolerance))
        {
            return new VerificationResult.TimestampOutOfTolerance(HeaderName, timestamp, now);
        }

        return Matches(secrets, header, timestampText, body)
            ? new VerificationResult.Verified(SignatureSchemes.Stripe, timestamp, null)
            : new VerificationResult.NoMatch(HeaderName);
    }

    internal static string Sign(
        ReadOnlySpan<SigningSecret> secrets,
        string timestamp,
        ReadOnlySpan<byte> body
    )
    {
        if (secrets.IsEmpty)
        {
            throw new ArgumentException("Signing takes at least one secret.", nameof(secrets));
        }

        Span<byte> prefix = stackalloc byte[UnixSeconds.DigitsMax + 1];
        prefix = prefix[..WritePrefix(timestamp, prefix)];

        var length = 2 + timestamp.Length + (secrets.Length * (SignatureLead.Length + HexLength));
        Span<char> header = length <= 512 ? stackalloc char[length] : new char[length];
        "t=".CopyTo(header);
        timestamp.CopyTo(header[2..]);
        var rest = header[(2 + timestamp.Length)..];
        foreach (var secret in secrets)
        {
            SignatureLead.CopyTo(rest);
            WriteHex(secret, prefix, body, rest.Slice(SignatureLead.Length, HexLength));
            rest = rest[(SignatureLead.Length + HexLength)..];
        }

        return new string(header);
    }

    private static string? FindProblem(ReadOnlySpan<char> header, out ReadOnlySpan<char> timestamp)
    {
        timestamp = default;
        if (header.Length > HeaderLengthMax)
        {
            return "It is too long.";
        }

        var timestamps = 0;
        var signatures = 0;
        foreach (var range in header.Split(','))
        {
            var item = header[range];
            if (item.StartsWith("t="))
            {
                timestamp = item[2..];
                timestamps++;
            }
            else if (item.StartsWith("v1="))
            {
                signatures++;
            }
            else if (!item.Contains('='))
            {
                return "Its form is t=<unix seconds>,v1=<hex>.";
            }
        }

        return timestamps != 1 ? "It has not exactly one t."
            : signatures == 0 ? "It has no v1."
            : null;
    }

    private static bool Matches(
        ReadOnlySpan<SigningSecret> secrets,
        ReadOnlySpan<char> header,
        ReadOnlySpan<char> timestamp,
        ReadOnlySpan<byte> body
    )
    {
        Span<byte> prefix = stackalloc byte[UnixSeconds.DigitsMax + 1];
        prefix = prefix[..WritePrefix(timestamp, prefix)];
        Span<char> expected = stackalloc char[HexLength];
        var matches = false;
        foreach (var secret in secrets)
        {
            WriteHex(secret, prefix, body, expected);
            foreach (var range in header.Split(','))
            {
                // As text, not as bytes: of the spellings of a hex number only the lowercase one
                // is a signature, so that no altered byte of the header passes.
                var item = header[range];
                matches |=
                    item.StartsWith("v1=")
                    && CryptographicOperations.FixedTimeEquals(
                        MemoryMarshal.AsBytes(item[3..]),
                        MemoryMarshal.AsBytes(expected)
                    );
            }
        }

        return matches;
    }

    private static int WritePrefix(ReadOnlySpan<char> timestamp, Span<byte> prefix)
    {
        var length = Encoding.ASCII.GetBytes(timestamp, prefix);
        prefix[length] = (byte)'.';
        return length + 1;
    }

    private static void WriteHex(
        SigningSecret secret,
        ReadOnlySpan<byte> prefix,
        ReadOnlySpan<byte> body,
        Span<char> hex
    )
    {
        Span<byte> mac = stackalloc byte[KeyedHash.MacBytes];
        secret.StripeHash.Compute(prefix, body, mac);
        Convert.TryToHexStringLower(mac, hex, out _);
    }
}
