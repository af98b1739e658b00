namespace WebhookDelivery.Sqlite;

/// <summary>Times as they are stored: whole Unix milliseconds.</summary>
internal static class Times
{
    public static long ToMs(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static long? ToMs(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    /// <summary>The first whole millisecond that is not before the time.</summary>
    public static long ToMsCeiling(this DateTimeOffset time)
    {
        var ms = time.ToUnixTimeMilliseconds();
        return FromMs(ms) < time ? ms + 1 : ms;
    }

    public static DateTimeOffset FromMs(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    /// <summary>The least UUIDv7 of a millisecond: ids of that time or later are not below it.</summary>
    public static Guid FirstIdAt(long ms)
    {
        const long MsMax = (1L << 48) - 1;
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(
            bytes,
            (ulong)Math.Clamp(ms, 0, MsMax) << 16
        );
        bytes[8..].Clear();
        return new Guid(bytes, bigEndian: true);
    }
}
