using System.Buffers;
using System.Text;
using System.Text.Json;
using Amazon.SQS.Model;

namespace Amazon.SQS.Internal;

/// <summary>Writes members of requests; what is null is left out.</summary>
internal static class SqsJsonWriting
{
    // What JSON itself wants escaped (RFC 8259, section 7), and nothing else.
    private static readonly SearchValues<char> s_escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (char)code),
        '"',
        '\\',
    ]);

    public static void WriteText(this Utf8JsonWriter writer, string name, string value)
    {
        if (value is null)
        {
            return;
        }

        writer.WritePropertyName(name);
        writer.WriteText(value);
    }

    public static void WriteNumber(this Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    public static void WriteTexts(this Utf8JsonWriter writer, string name, List<string> values) =>
        writer.WriteList(name, values, static (writer, value) => writer.WriteText(value));

    /// <summary>Writes objects, each by its members.</summary>
    public static void WriteObjects<T>(
        this Utf8JsonWriter writer,
        string name,
        List<T> values,
        Action<Utf8JsonWriter, T> write
    ) =>
        writer.WriteList(
            name,
            values,
            (writer, value) =>
            {
                writer.WriteStartObject();
                write(writer, value);
                writer.WriteEndObject();
            }
        );

    public static void WriteMap(
        this Utf8JsonWriter writer,
        string name,
        Dictionary<string, string> values
    )
    {
        if (values is null)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            writer.WriteText(key, value);
        }

        writer.WriteEndObject();
    }

    public static void WriteAttributes(
        this Utf8JsonWriter writer,
        Dictionary<string, MessageAttributeValue> attributes
    )
    {
        if (attributes is null or { Count: 0 })
        {
            return;
        }

        writer.WriteStartObject("MessageAttributes");
        foreach (var (name, value) in attributes)
        {
            writer.WriteStartObject(name);
            writer.WriteText("DataType", value.DataType);
            writer.WriteText("StringValue", value.StringValue);
            if (value.BinaryValue is { } bytes)
            {
                writer.WriteBase64String("BinaryValue", bytes.ToArray());
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteList<T>(
        this Utf8JsonWriter writer,
        string name,
        List<T> values,
        Action<Utf8JsonWriter, T> write
    )
    {
        if (values is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            write(writer, value);
        }

        writer.WriteEndArray();
    }

    /// <summary>
    /// Writes a text as lean as JSON allows. The escaping of System.Text.Json makes six bytes of every
    /// quotation mark and twelve of an emoji's four, which eats into the size that a message may have.
    /// </summary>
    private static void WriteText(this Utf8JsonWriter writer, string value)
    {
        var json = new StringBuilder(value.Length + 16).Append('"');
        var rest = value.AsSpan();
        while (rest.IndexOfAny(s_escaped) is var next and >= 0)
        {
            json.Append(rest[..next]);
            Append(json, rest[next]);
            rest = rest[(next + 1)..];
        }

        json.Append(rest).Append('"');
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(json.Length)];
        var length = 0;
        foreach (var chunk in json.GetChunks())
        {
            length += Encoding.UTF8.GetBytes(chunk.Span, bytes.AsSpan(length));
        }

        writer.WriteRawValue(bytes.AsSpan(0, length), skipInputValidation: true);
    }

    private static StringBuilder Append(StringBuilder json, char escaped) =>
        escaped switch
        {
            '"' => json.Append("\\\""),
            '\\' => json.Append("\\\\"),
            '\n' => json.Append("\\n"),
            '\r' => json.Append("\\r"),
            '\t' => json.Append("\\t"),
            _ => json.Append($"\\u{(int)escaped:x4}"),
        };
}
