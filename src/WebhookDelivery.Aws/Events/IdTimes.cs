using System.Buffers.Binary;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>The time in an event's id (a UUIDv7's first 48 bits), and the ids of a time.</summary>
internal static class IdTimes
{
    private const long MsMax = (1L << 48) - 1;

    /// <summary>When the id was made: its event's creation, to the millisecond.</summary>
    public static DateTimeOffset CreatedAt(EventId eventId)
    {
        Span<byte> bytes = stackalloc byte[16];
        eventId.WriteBytes(bytes);
        var ms = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return DateTimeOffset.FromUnixTimeMilliseconds(ms);
    }

    /// <summary>
    /// The least id of the first whole millisecond that is not before a time. No event has it: its
    /// version bits are unset.
    /// </summary>
    public static EventId FirstAt(DateTimeOffset time)
    {
        var ms = time.ToUnixTimeMilliseconds();
        ms += DateTimeOffset.FromUnixTimeMilliseconds(ms) < time ? 1 : 0;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)Math.Clamp(ms, 0, MsMax) << 16);
        return EventId.FromBytes(bytes);
    }
}
