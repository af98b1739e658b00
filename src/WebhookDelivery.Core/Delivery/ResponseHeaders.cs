using System.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// The headers of a response that are recorded with an attempt. Immutable, compared by content, and
/// kept in the form in which they are stored: one <c>name: value</c> line each, in UTF-8, names in lower
/// case.
/// </summary>
public sealed class ResponseHeaders : IEquatable<ResponseHeaders>
{
    /// <summary>Most headers, inclusive.</summary>
    public const int CountMax = 20;

    /// <summary>Most bytes of all lines together, inclusive (1 KiB).</summary>
    public const int BytesMax = 1024;

    /// <summary>Most bytes of one value, inclusive; what is longer is cut.</summary>
    public const int ValueBytesMax = 256;

    /// <summary>Stands where something secret was.</summary>
    public const string Redacted = "[redacted]";

    /// <summary>No headers.</summary>
    public static readonly ResponseHeaders None = new(default);

    private readonly ReadOnlyMemory<byte> _lines;

    private ResponseHeaders(ReadOnlyMemory<byte> lines) => _lines = lines;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _lines.IsEmpty;

    /// <summary>The lines, each ended by a line feed; at most <see cref="BytesMax"/> bytes.</summary>
    public ReadOnlyMemory<byte> Lines => _lines;

    /// <summary>
    /// Wraps lines, which must not change any more. A line without <c>": "</c> is a name without a value.
    /// </summary>
    public static ResponseHeaders OfLines(ReadOnlyMemory<byte> lines) =>
        lines.IsEmpty ? None : new(lines);

    /// <summary>The headers in order. A name that came several times is there several times.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Read()
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var range in _lines.Span.Split((byte)'\n'))
        {
            var line = _lines.Span[range];
            if (!line.IsEmpty)
            {
                var name = NameLength(line);
                headers.Add(
                    new(
                        Encoding.UTF8.GetString(line[..name]),
                        Encoding.UTF8.GetString(line[Math.Min(line.Length, name + 2)..])
                    )
                );
            }
        }

        return headers;
    }

    /// <summary>
    /// As many whole lines as fit so many bytes: the first ones.
    /// </summary>
    public ResponseHeaders Within(int bytesMax)
    {
        if (_lines.Length <= bytesMax)
        {
            return this;
        }

        var end = bytesMax <= 0 ? -1 : _lines.Span[..bytesMax].LastIndexOf((byte)'\n');
        return OfLines(_lines[..(end + 1)]);
    }

    /// <inheritdoc/>
    public bool Equals(ResponseHeaders? other) =>
        other is not null && _lines.Span.SequenceEqual(other._lines.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResponseHeaders);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_lines.Span);
        return hash.ToHashCode();
    }

    /// <summary>Says how much there is; what a receiver wrote never shows.</summary>
    public override string ToString() => $"{nameof(ResponseHeaders)} ({_lines.Length} bytes)";

    /// <summary>How many of a line's bytes are the name.</summary>
    internal static int NameLength(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf(": "u8);
        return end < 0 ? line.Length : end;
    }
}
