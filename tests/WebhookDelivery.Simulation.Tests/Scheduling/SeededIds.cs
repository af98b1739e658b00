using System.Buffers.Binary;
using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>UUIDv7 whose random part comes from the seed.</summary>
internal sealed class SeededIds(Random random) : IIdSource
{
    public Guid NewId(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        random.NextBytes(id);
        BinaryPrimitives.WriteInt64BigEndian(
            id,
            (now.ToUnixTimeMilliseconds() << 16) | 0x7000 | (long)random.Next(0x1000)
        );
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
