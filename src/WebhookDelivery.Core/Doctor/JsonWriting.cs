using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Core;

/// <summary>Writes JSON as other languages do; numbers stay as they are written.</summary>
internal static class JsonWriting
{
    /// <summary>Writes it, in UTF-8.</summary>
    public static byte[] Write(JsonElement root, JsonWritingStyle style)
    {
        var text = new StringBuilder();
        Append(text, root, style);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, JsonElement element, JsonWritingStyle style)
    {
        var comma = style == JsonWritingStyle.Spaced ? ", " : ",";
        var next = "";
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in element.EnumerateObject())
                {
                    text.Append(next);
                    AppendText(text, JsonMarshal.GetRawUtf8PropertyName(member), style);
                    text.Append(style == JsonWritingStyle.Spaced ? ": " : ":");
                    Append(text, member.Value, style);
                    next = comma;
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in element.EnumerateArray())
                {
                    text.Append(next);
                    Append(text, item, style);
                    next = comma;
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendText(text, JsonMarshal.GetRawUtf8Value(element)[1..^1], style);
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void AppendText(
        StringBuilder text,
        ReadOnlySpan<byte> content,
        JsonWritingStyle style
    )
    {
        text.Append('"');
        var value = JsonString.Unescape(content);
        for (var i = 0; i < value.Length; i++)
        {
            var isPair = i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1]);
            if (isPair && style == JsonWritingStyle.Compact)
            {
                text.Append(value[i]).Append(value[i + 1]);
                i++;
            }
            else
            {
                AppendUnit(text, value[i], style);
            }
        }

        text.Append('"');
    }

    private static void AppendUnit(StringBuilder text, char unit, JsonWritingStyle style)
    {
        var isEscaped =
            unit < ' '
            || char.IsSurrogate(unit)
            || (unit > '~' && style == JsonWritingStyle.Spaced);
        _ = unit switch
        {
            '"' => text.Append("\\\""),
            '\\' => text.Append(@"\\"),
            '\b' => text.Append(@"\b"),
            '\f' => text.Append(@"\f"),
            '\n' => text.Append(@"\n"),
            '\r' => text.Append(@"\r"),
            '\t' => text.Append(@"\t"),
            _ when isEscaped => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
            _ => text.Append(unit),
        };
    }
}
