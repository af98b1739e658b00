using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace WebhookDelivery.Signatures;

/// <summary>
/// The Standard Webhooks scheme: <c>v1,&lt;base64&gt;</c>, HMAC-SHA256 over id, full stop, Unix
/// seconds, full stop and the body's bytes, keyed with the bytes that the base64 after
/// <c>whsec_</c> stands for. Source: https://www.standardwebhooks.com.
/// </summary>
public static class StandardWebhooksSignature
{
    /// <summary>The header with the event's id: <c>webhook-id</c>.</summary>
    public const string IdHeaderName = "webhook-id";

    /// <summary>The header with the attempt's Unix seconds: <c>webhook-timestamp</c>.</summary>
    public const string TimestampHeaderName = "webhook-timestamp";

    /// <summary>The header with the signatures: <c>webhook-signature</c>.</summary>
    public const string SignatureHeaderName = "webhook-signature";

    /// <summary>The most characters of an id, inclusive: 255.</summary>
    public const int IdLengthMax = 255;

    /// <summary>A longer signature header is malformed, characters.</summary>
    public const int SignatureLengthMax = 4096;

    private const string Version = "v1,";

    // 32 bytes are 44 characters, one of them padding.
    private const int SignatureLength = 44;
    private const int PrefixBytesMax = IdLengthMax + 1 + UnixSeconds.DigitsMax + 1;

    /// <summary>
    /// Whether a text can be a webhook id: 1 to 255 visible ASCII characters without a full stop,
    /// which separates id and timestamp in what is signed. Never throws.
    /// </summary>
    /// <param name="id">The text.</param>
    /// <returns>Whether it can.</returns>
    public static bool IsValidId(string? id) =>
        id is { Length: > 0 and <= IdLengthMax }
        && !id.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !id.Contains('.');

    /// <summary>Makes the signature header's value. Thread-safe.</summary>
    /// <param name="secrets">
    /// The live secrets, at least one; each that supports the scheme signs, in this order.
    /// </param>
    /// <param name="webhookId">The id, as in <see cref="IsValidId"/>.</param>
    /// <param name="timestamp">The time of the attempt; its whole seconds are signed.</param>
    /// <param name="body">The exact bytes sent.</param>
    /// <returns>The value, or <see langword="null"/> if no secret supports the scheme.</returns>
    /// <exception cref="ArgumentException">No secret, an impossible id, or a time before 1970.</exception>
    public static string? Sign(
        ReadOnlySpan<SigningSecret> secrets,
        string webhookId,
        DateTimeOffset timestamp,
        ReadOnlySpan<byte> body
    ) => Sign(secrets, webhookId, UnixSeconds.Format(timestamp), body);

    /// <summary>Verifies the three headers. Never throws for what a sender may put into them.</summary>
    /// <param name="secrets">The secrets accepted; one match is enough.</param>
    /// <param name="headers">The headers received; <c>Stripe-Signature</c> is not looked at.</param>
    /// <param name="body">The exact bytes received.</param>
    /// <param name="now">The current time.</param>
    /// <param name="tolerance">How far the timestamp may be from now, either way, inclusive.</param>
    /// <returns>The result; signatures are compared in constant time.</returns>
    public static VerificationResult Verify(
        ReadOnlySpan<SigningSecret> secrets,
        SignatureHeaders headers,
        ReadOnlySpan<byte> body,
        DateTimeOffset now,
        TimeSpan tolerance
    )
    {
        if (FindFault(headers) is { } fault)
        {
            return fault;
        }

        if (!UnixSeconds.TryParse(headers.WebhookTimestamp, out var timestamp))
        {
            return new VerificationResult.MalformedHeader(
                TimestampHeaderName,
                "It is not Unix seconds."
            );
        }

        if (!UnixSeconds.IsWithin(timestamp, now, tolerance))
        {
            return new VerificationResult.TimestampOutOfTolerance(
                TimestampHeaderName,
                timestamp,
                now
            );
        }

        return Matches(secrets, headers, body)
            ? new VerificationResult.Verified(
                SignatureSchemes.StandardWebhooks,
                timestamp,
                headers.WebhookId
            )
            : new VerificationResult.NoMatch(SignatureHeaderName);
    }

    internal static string? Sign(
        ReadOnlySpan<SigningSecret> secrets,
        string webhookId,
        string timestamp,
        ReadOnlySpan<byte> body
    )
    {
        if (secrets.IsEmpty)
        {
            throw new ArgumentException("Signing takes at least one secret.", nameof(secrets));
        }

        if (!IsValidId(webhookId))
        {
            throw new ArgumentException(
                "A webhook id has 1 to 255 visible ASCII characters and no full stop.",
                nameof(webhookId)
            );
        }

        var signers = CountSigners(secrets);
        if (signers == 0)
        {
            return null;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytesMax];
        prefix = prefix[..WritePrefix(webhookId, timestamp, prefix)];

        var length = (signers * (Version.Length + SignatureLength + 1)) - 1;
        Span<char> header = length <= 512 ? stackalloc char[length] : new char[length];
        header.Fill(' ');
        var rest = header;
        foreach (var secret in secrets)
        {
            if (secret.SupportsStandardWebhooks)
            {
                Version.CopyTo(rest);
                var end = Version.Length + SignatureLength;
                WriteBase64(secret.StandardHash, prefix, body, rest[Version.Length..end]);
                rest = rest[Math.Min(end + 1, rest.Length)..];
            }
        }

        return new string(header);
    }

    private static int CountSigners(ReadOnlySpan<SigningSecret> secrets)
    {
        var count = 0;
        foreach (var secret in secrets)
        {
            count += secret.SupportsStandardWebhooks ? 1 : 0;
        }

        return count;
    }

    private static VerificationResult? FindFault(SignatureHeaders headers)
    {
        if (string.IsNullOrEmpty(headers.WebhookSignature))
        {
            return new VerificationResult.MissingHeader(SignatureHeaderName);
        }

        if (string.IsNullOrEmpty(headers.WebhookId))
        {
            return new VerificationResult.MissingHeader(IdHeaderName);
        }

        if (string.IsNullOrEmpty(headers.WebhookTimestamp))
        {
            return new VerificationResult.MissingHeader(TimestampHeaderName);
        }

        if (!IsValidId(headers.WebhookId))
        {
            return new VerificationResult.MalformedHeader(
                IdHeaderName,
                "It has 1 to 255 visible ASCII characters and no full stop."
            );
        }

        return FindProblem(headers.WebhookSignature) is { } problem
            ? new VerificationResult.MalformedHeader(SignatureHeaderName, problem)
            : null;
    }

    private static string? FindProblem(ReadOnlySpan<char> header)
    {
        if (header.Length > SignatureLengthMax)
        {
            return "It is too long.";
        }

        foreach (var range in header.Split(' '))
        {
            if (header[range].StartsWith(Version))
            {
                return null;
            }
        }

        return "It has no v1,<base64>.";
    }

    private static bool Matches(
        ReadOnlySpan<SigningSecret> secrets,
        SignatureHeaders headers,
        ReadOnlySpan<byte> body
    )
    {
        Span<byte> prefix = stackalloc byte[PrefixBytesMax];
        prefix = prefix[..WritePrefix(headers.WebhookId, headers.WebhookTimestamp, prefix)];
        Span<char> expected = stackalloc char[SignatureLength];
        var header = headers.WebhookSignature.AsSpan();
        var matches = false;
        foreach (var secret in secrets)
        {
            if (!secret.SupportsStandardWebhooks)
            {
                continue;
            }

            WriteBase64(secret.StandardHash, prefix, body, expected);
            foreach (var range in header.Split(' '))
            {
                // As text, not as bytes: the last base64 character has two bits that decoding
                // drops, and a header altered there is not the one that was sent.
                var item = header[range];
                matches |=
                    item.StartsWith(Version)
                    && CryptographicOperations.FixedTimeEquals(
                        MemoryMarshal.AsBytes(item[Version.Length..]),
                        MemoryMarshal.AsBytes(expected)
                    );
            }
        }

        return matches;
    }

    private static int WritePrefix(
        ReadOnlySpan<char> id,
        ReadOnlySpan<char> timestamp,
        Span<byte> prefix
    )
    {
        var length = Encoding.ASCII.GetBytes(id, prefix);
        prefix[length++] = (byte)'.';
        length += Encoding.ASCII.GetBytes(timestamp, prefix[length..]);
        prefix[length++] = (byte)'.';
        return length;
    }

    private static void WriteBase64(
        KeyedHash hash,
        ReadOnlySpan<byte> prefix,
        ReadOnlySpan<byte> body,
        Span<char> base64
    )
    {
        Span<byte> mac = stackalloc byte[KeyedHash.MacBytes];
        hash.Compute(prefix, body, mac);
        Convert.TryToBase64Chars(mac, base64, out _);
    }
}
