using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Amazon.Lambda.AspNetCoreServer;

/// <summary>Writes an answer in payload format 2.0: statusCode, headers, cookies, body, isBase64Encoded.</summary>
internal static class HttpApiResponse
{
    private static readonly JsonWriterOptions s_writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly HashSet<string> s_binaryTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/octet-stream",
        "application/pdf",
        "application/zip",
        "image/gif",
        "image/jpeg",
        "image/jpg",
        "image/png",
    };

    public static MemoryStream Write(BufferedResponse response, MemoryStream body)
    {
        var output = new MemoryStream((int)body.Length + 1024);
        using (var writer = new Utf8JsonWriter(output, s_writing))
        {
            writer.WriteStartObject();
            writer.WriteNumber("statusCode", response.StatusCode);
            WriteHeaders(writer, response.Headers);
            WriteBody(writer, response.Headers, body.GetBuffer().AsSpan(0, (int)body.Length));
            writer.WriteEndObject();
        }

        output.Position = 0;
        return output;
    }

    private static void WriteHeaders(Utf8JsonWriter writer, IHeaderDictionary headers)
    {
        writer.WriteStartObject("headers");
        foreach (var (name, values) in headers)
        {
            if (!IsCookie(name))
            {
                writer.WriteString(name, string.Join(',', values.ToArray()));
            }
        }

        writer.WriteEndObject();
        // Cookies alone cannot be joined by commas: their dates hold some.
        if (headers.SetCookie.Count > 0)
        {
            writer.WriteStartArray("cookies");
            foreach (var cookie in headers.SetCookie)
            {
                writer.WriteStringValue(cookie);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteBody(
        Utf8JsonWriter writer,
        IHeaderDictionary headers,
        ReadOnlySpan<byte> body
    )
    {
        var binary = IsBinary(headers) || !Utf8.IsValid(body);
        if (binary)
        {
            writer.WriteBase64String("body", body);
        }
        else
        {
            writer.WriteString("body", body);
        }

        writer.WriteBoolean("isBase64Encoded", binary);
    }

    /// <summary>Whether it is compressed, or of a type that is no text.</summary>
    private static bool IsBinary(IHeaderDictionary headers)
    {
        string? type = headers.ContentType;
        return headers.ContentEncoding.Count > 0
            || (type is not null && s_binaryTypes.Contains(type.Split(';')[0].Trim()));
    }

    private static bool IsCookie(string name) =>
        name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase);
}
