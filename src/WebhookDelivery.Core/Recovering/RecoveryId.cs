using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>Names one recovery: `rec_` and 26 characters of Crockford base32, a UUIDv7, so sortable by time.</summary>
/// <param name="Value">The UUIDv7 itself.</param>
public readonly record struct RecoveryId(Guid Value) : IComparable<RecoveryId>
{
    /// <summary>What every id of this kind begins with.</summary>
    public const string Prefix = "rec_";

    /// <summary>Reads the text form. Strict and case-sensitive; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RecoveryId id)
    {
        var parsed = Base32.TryParse(Prefix, text, out var value);
        id = new RecoveryId(value);
        return parsed;
    }

    /// <summary>Reads the 16 bytes of the id, most significant first.</summary>
    public static RecoveryId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(new Guid(bytes, bigEndian: true));

    /// <summary>Writes the id's 16 bytes, most significant first: byte order is time order.</summary>
    public void WriteBytes(Span<byte> destination) =>
        Value.TryWriteBytes(destination, bigEndian: true, out _);

    /// <summary>Orders ids as their text and their bytes do: by time of creation.</summary>
    public int CompareTo(RecoveryId other) => Value.CompareTo(other.Value);

    /// <summary>The text form, as the API shows it.</summary>
    public override string ToString() => Base32.Format(Prefix, Value);
}
