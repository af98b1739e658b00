using System.Security.Cryptography;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Writes attempts in some 20 bytes, for the list of a delivery's last ones. Excerpt and headers of
/// the response stand apart: the item keeps only the last.
/// </summary>
/// <remarks>
/// <code>
/// format 1 │ generation │ number │ started, ms │ endpoint version │ reason │ status code or 0
///          │ duration, µs │ 1 + Retry-After, ms, or 0 │ mark, 4 bytes
/// </code>
/// Numbers are in 7-bit groups, least first. The mark is random: it tells whether a write whose answer
/// was lost is the one that is found in the list.
/// </remarks>
internal static class AttemptBytes
{
    private const byte Format = 1;
    private const int MarkBytes = 4;

    /// <summary>Writes an attempt, with a new mark.</summary>
    public static byte[] Write(Attempt attempt)
    {
        using var bytes = new MemoryStream(32);
        using var writer = new BinaryWriter(bytes);
        var outcome = attempt.Outcome;
        writer.Write(Format);
        writer.Write7BitEncodedInt(attempt.Generation);
        writer.Write7BitEncodedInt(attempt.Number);
        writer.Write7BitEncodedInt64(attempt.StartedAt.ToUnixTimeMilliseconds());
        writer.Write7BitEncodedInt(attempt.EndpointVersion);
        writer.Write7BitEncodedInt((int)outcome.Reason);
        writer.Write7BitEncodedInt(outcome.StatusCode ?? 0);
        writer.Write7BitEncodedInt64(outcome.Duration.Ticks / TimeSpan.TicksPerMicrosecond);
        writer.Write7BitEncodedInt64(
            outcome.RetryAfter is { } wait ? (long)wait.TotalMilliseconds + 1 : 0
        );
        writer.Write(Mark());
        return bytes.ToArray();
    }

    /// <summary>Reads an attempt, without excerpt and headers of its response.</summary>
    /// <exception cref="FormatException">The bytes are of another format.</exception>
    public static Attempt Read(DeliveryKey key, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (reader.ReadByte() != Format)
        {
            throw new FormatException("Not an attempt of a known format.");
        }

        var attempt = new Attempt
        {
            Key = key,
            Generation = reader.Read7BitEncodedInt(),
            Number = reader.Read7BitEncodedInt(),
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.Read7BitEncodedInt64()),
            EndpointVersion = reader.Read7BitEncodedInt(),
            Outcome = new AttemptOutcome { Reason = (ReasonCode)reader.Read7BitEncodedInt() },
        };
        var statusCode = reader.Read7BitEncodedInt();
        var duration = reader.Read7BitEncodedInt64();
        var retryAfter = reader.Read7BitEncodedInt64();
        return attempt with
        {
            Outcome = attempt.Outcome with
            {
                StatusCode = statusCode == 0 ? null : statusCode,
                Duration = TimeSpan.FromTicks(duration * TimeSpan.TicksPerMicrosecond),
                RetryAfter = retryAfter == 0 ? null : TimeSpan.FromMilliseconds(retryAfter - 1),
            },
        };
    }

    /// <summary>28 random bits, seven a byte: they differ also where bytes are compared as text.</summary>
    private static byte[] Mark()
    {
        var mark = RandomNumberGenerator.GetBytes(MarkBytes);
        for (var i = 0; i < mark.Length; i++)
        {
            mark[i] &= 0x7f;
        }

        return mark;
    }
}
