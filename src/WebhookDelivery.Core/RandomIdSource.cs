using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WebhookDelivery.Core;

/// <summary>
/// UUIDv7 of 62 bits from the operating system's random source, behind the time and a number that
/// ascends within each millisecond: a store that keeps events by id then appends (RFC 9562, section
/// 6.2, method 1). The number is the process's, not a tenant's: it tells how busy a millisecond was,
/// and nothing else. Thread-safe.
/// </summary>
public sealed class RandomIdSource : IIdSource
{
    private const int NumberBits = 12;
    private const long NumberMax = (1 << NumberBits) - 1;
    private const long Version = 7 << NumberBits;
    private const byte Variant = 0x80;
    private const int TailBytes = 8;

    /// <summary>Asking for many bytes at once costs little more than for a few.</summary>
    private const int DrawnBytes = 64 * TailBytes;

    [ThreadStatic]
    private static byte[]? t_drawn;

    [ThreadStatic]
    private static int t_left;

    private long _last;

    /// <inheritdoc/>
    public Guid NewId(DateTimeOffset now)
    {
        var head = Next(now.ToUnixTimeMilliseconds());
        var ms = head >> NumberBits;
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, (ms << 16) | Version | (head & NumberMax));
        Draw(id[TailBytes..]);
        id[TailBytes] = (byte)((id[TailBytes] & 0x3f) | Variant);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>
    /// The time and the next number of its millisecond. What is over 4,096 in one all have the last
    /// number; two threads that disagree about the time may begin a millisecond twice. Neither matters:
    /// it is the random bits that make an id the only one.
    /// </summary>
    private long Next(long ms)
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = ms << NumberBits;
            if (last >> NumberBits == ms)
            {
                next |= Math.Min((last & NumberMax) + 1, NumberMax);
            }

            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }

    private static void Draw(Span<byte> target)
    {
        var drawn = t_drawn ??= new byte[DrawnBytes];
        if (t_left == 0)
        {
            RandomNumberGenerator.Fill(drawn);
            t_left = DrawnBytes;
        }

        t_left -= TailBytes;
        drawn.AsSpan(t_left, TailBytes).CopyTo(target);
    }
}
