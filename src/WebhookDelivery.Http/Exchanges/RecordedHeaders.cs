using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>Chooses what of a response's headers is recorded, within <see cref="ResponseHeaders"/>' bounds.</summary>
internal static class RecordedHeaders
{
    /// <summary>Most characters of a header's name, inclusive; one that is longer is left out.</summary>
    private const int NameLengthMax = 64;

    /// <summary>
    /// What is about the connection (RFC 9110, section 7.6.1) or says nothing new: the length of the body
    /// and the time.
    /// </summary>
    private static readonly FrozenSet<string> s_leftOut = new[]
    {
        "Connection",
        "Content-Length",
        "Date",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A name with one of these in it, such as Set-Cookie, WWW-Authenticate or X-Api-Key, stands for
    /// credentials.
    /// </summary>
    private static readonly string[] s_secret =
    [
        "auth",
        "cookie",
        "credential",
        "key",
        "passw",
        "secret",
        "session",
        "token",
    ];

    /// <summary>The headers to record; <see cref="ResponseHeaders.None"/> costs nothing.</summary>
    public static ResponseHeaders Read(HttpResponseMessage response)
    {
        MemoryStream? lines = null;
        var count = 0;
        Add(response.Headers.NonValidated, ref lines, ref count);
        Add(response.Content.Headers.NonValidated, ref lines, ref count);
        return lines is null
            ? ResponseHeaders.None
            : ResponseHeaders.OfLines(lines.ToArray()).Within(ResponseHeaders.BytesMax);
    }

    private static void Add(HttpHeadersNonValidated headers, ref MemoryStream? lines, ref int count)
    {
        foreach (var (name, values) in headers)
        {
            if (s_leftOut.Contains(name) || name.Length > NameLengthMax)
            {
                continue;
            }

            if (count == ResponseHeaders.CountMax || lines?.Length >= ResponseHeaders.BytesMax)
            {
                return;
            }

            count++;
            lines ??= new MemoryStream(ResponseHeaders.ValueBytesMax);
            // The handler spells names that it knows in its own way; so they are all spelt in one.
            lines.Write(Encoding.ASCII.GetBytes(name.ToLowerInvariant()));
            lines.Write(": "u8);
            lines.Write(
                IsSecret(name)
                    ? Encoding.ASCII.GetBytes(ResponseHeaders.Redacted)
                    : Value(values.ToString())
            );
            lines.WriteByte((byte)'\n');
        }
    }

    private static bool IsSecret(string name) =>
        Array.Exists(s_secret, each => name.Contains(each, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// A value's bytes as they came, which the handler reads as Latin-1, cut to their bound. A control
    /// character, which could end a line, becomes a space.
    /// </summary>
    private static byte[] Value(string value)
    {
        var bytes = new byte[Math.Min(value.Length, ResponseHeaders.ValueBytesMax)];
        Encoding.Latin1.GetBytes(value.AsSpan(0, bytes.Length), bytes);
        foreach (ref var each in bytes.AsSpan())
        {
            each = each is < 0x20 or 0x7f ? (byte)' ' : each;
        }

        return bytes;
    }
}
