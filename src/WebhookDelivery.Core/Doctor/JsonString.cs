using System.Globalization;
using System.Text;

namespace WebhookDelivery.Core;

/// <summary>
/// Reads what a JSON string stands for, also where it escapes half a surrogate pair, which is JSON but no
/// Unicode text and an exception from the framework.
/// </summary>
internal static class JsonString
{
    /// <summary>The UTF-16 code units of a string's content.</summary>
    /// <param name="content">Valid content in UTF-8, between the quotes.</param>
    public static string Unescape(ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content);
        if (!text.Contains('\\'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                var hex = text.AsSpan(i + 1, 4);
                result.Append((char)ushort.Parse(hex, NumberStyles.HexNumber, null));
                i += 4;
            }
            else
            {
                result.Append(Short(text[i]));
            }
        }

        return result.ToString();
    }

    private static char Short(char letter) =>
        letter switch
        {
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => letter,
        };
}
