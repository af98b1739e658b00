using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// Reads and writes cursors of one list under one set of filters: base64url of a version byte, a tag
/// and the position. The tag is a hash of owner, list, filters and position, so that a cursor of
/// another list or tenant is told from this one's. It is no signature and need not be one: whoever
/// forges a cursor gets another place in a list that is theirs.
/// </summary>
internal sealed class Cursor
{
    /// <summary>Bytes of a position that is one id.</summary>
    public const int IdBytes = 16;

    private const byte Version = 1;
    private const int TagBytes = 12;
    private const int PositionBytesMax = 64;

    private readonly byte[] _binding;

    private Cursor(byte[] binding) => _binding = binding;

    /// <param name="owner">The tenant; empty for operators' lists.</param>
    /// <param name="list">Which list.</param>
    /// <param name="filters">The filters as they were given, in a fixed order.</param>
    public static Cursor Bind(
        string owner,
        string list,
        IEnumerable<KeyValuePair<string, string>> filters
    )
    {
        // Lengths in front, so that no two sets of parts read alike.
        var text = new StringBuilder();
        Append(text, owner);
        Append(text, list);
        foreach (var (name, value) in filters)
        {
            Append(text, name);
            Append(text, value);
        }

        return new Cursor(Encoding.UTF8.GetBytes(text.ToString()));
    }

    public string Write(ReadOnlySpan<byte> position)
    {
        Span<byte> bytes = stackalloc byte[1 + TagBytes + PositionBytesMax];
        bytes = bytes[..(1 + TagBytes + position.Length)];
        bytes[0] = Version;
        Tag(position, bytes[1..]);
        position.CopyTo(bytes[(1 + TagBytes)..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The position; null if the text is no cursor of this list.</summary>
    /// <param name="text">The cursor.</param>
    /// <param name="positionBytes">How long the position is; null if that varies.</param>
    public byte[]? Read(string text, int? positionBytes)
    {
        Span<byte> bytes = stackalloc byte[1 + TagBytes + PositionBytesMax];
        Span<byte> tag = stackalloc byte[TagBytes];
        if (
            text.Length > Base64Url.GetEncodedLength(bytes.Length)
            || !Base64Url.IsValid(text, out var length)
            || length <= 1 + TagBytes
            || length > bytes.Length
            || !Base64Url.TryDecodeFromChars(text, bytes, out length)
            || bytes[0] != Version
        )
        {
            return null;
        }

        var position = bytes[(1 + TagBytes)..length];
        Tag(position, tag);
        return
            (positionBytes is null || position.Length == positionBytes)
            && tag.SequenceEqual(bytes.Slice(1, TagBytes))
            ? position.ToArray()
            : null;
    }

    public static byte[] Position(EventId id)
    {
        var bytes = new byte[IdBytes];
        id.WriteBytes(bytes);
        return bytes;
    }

    public static byte[] Position(EndpointId id)
    {
        var bytes = new byte[IdBytes];
        id.WriteBytes(bytes);
        return bytes;
    }

    private static void Append(StringBuilder text, string part) =>
        text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");

    private void Tag(ReadOnlySpan<byte> position, Span<byte> tag)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_binding);
        hash.AppendData(position);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..TagBytes].CopyTo(tag);
    }
}
