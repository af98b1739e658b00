using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>Names one event: `evt_` and 26 characters of Crockford base32, a UUIDv7, so sortable by time.</summary>
/// <param name="Value">The UUIDv7 itself.</param>
public readonly record struct EventId(Guid Value) : IComparable<EventId>
{
    /// <summary>What every id of this kind begins with.</summary>
    public const string Prefix = "evt_";

    /// <summary>When it was made, to the millisecond, as its maker's clock had it.</summary>
    public DateTimeOffset CreatedAt
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            WriteBytes(bytes);
            return DateTimeOffset.FromUnixTimeMilliseconds(
                BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16
            );
        }
    }

    /// <summary>Reads the text form. Strict and case-sensitive; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EventId id)
    {
        var parsed = Base32.TryParse(Prefix, text, out var value);
        id = new EventId(value);
        return parsed;
    }

    /// <summary>Reads the 16 bytes of the id, most significant first.</summary>
    public static EventId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(new Guid(bytes, bigEndian: true));

    /// <summary>Writes the id's 16 bytes, most significant first: byte order is time order.</summary>
    public void WriteBytes(Span<byte> destination) =>
        Value.TryWriteBytes(destination, bigEndian: true, out _);

    /// <summary>Orders ids as their text and their bytes do: by time of creation.</summary>
    public int CompareTo(EventId other) => Value.CompareTo(other.Value);

    /// <summary>The text form, as the API shows it.</summary>
    public override string ToString() => Base32.Format(Prefix, Value);
}
