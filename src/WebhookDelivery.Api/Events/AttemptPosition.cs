using System.Buffers.Binary;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// How far a list of attempts was read, in a form that holds while it grows. A count alone would not:
/// attempts are listed by when they began but recorded when they end, so a slow one may come to stand
/// before others that were shown, and the next page would show one of those again.
/// </summary>
/// <param name="StartedAt">When the last attempt shown began.</param>
/// <param name="Shown">How many of those that began then were shown.</param>
internal readonly record struct AttemptPosition(DateTimeOffset StartedAt, int Shown)
{
    /// <summary>UTC ticks and a count, big-endian.</summary>
    public const int Bytes = sizeof(long) + sizeof(int);

    /// <summary>The position after a page.</summary>
    /// <param name="attempts">All attempts, oldest first.</param>
    /// <param name="end">Where the page ends, exclusive; above 0.</param>
    public static AttemptPosition After(IReadOnlyList<Attempt> attempts, int end)
    {
        var at = attempts[end - 1].StartedAt;
        var shown = 1;
        while (shown < end && attempts[end - 1 - shown].StartedAt == at)
        {
            shown++;
        }

        return new(at, shown);
    }

    /// <param name="bytes">What <see cref="ToBytes"/> wrote; null for the beginning.</param>
    public static AttemptPosition? Read(byte[]? bytes) =>
        bytes is null
            ? null
            : new(
                new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes), TimeSpan.Zero),
                BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(sizeof(long)))
            );

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, StartedAt.UtcTicks);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(sizeof(long)), Shown);
        return bytes;
    }

    /// <summary>Where the next page begins in the list as it is now.</summary>
    /// <param name="attempts">All attempts, oldest first.</param>
    public int Index(IReadOnlyList<Attempt> attempts)
    {
        var index = 0;
        var shown = Shown;
        while (
            index < attempts.Count
            && (
                attempts[index].StartedAt < StartedAt
                || (attempts[index].StartedAt == StartedAt && shown-- > 0)
            )
        )
        {
            index++;
        }

        return index;
    }
}
