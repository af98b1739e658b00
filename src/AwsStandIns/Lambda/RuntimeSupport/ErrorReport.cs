using System.Buffers;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// An exception as the Runtime API takes it: <c>errorType</c>, <c>errorMessage</c>,
/// <c>stackTrace</c> (a list of lines) and <c>cause</c>, which has the same members.
/// </summary>
internal static class ErrorReport
{
    // Together they keep a report far below the 256 KB that the API takes.
    private const int CausesMax = 8;
    private const int LinesMax = 60;
    private const int MessageLengthMax = 4096;

    public static byte[] Write(Exception exception)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, exception, depth: 0);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Exception exception, int depth)
    {
        var message = exception.Message;
        writer.WriteStartObject();
        writer.WriteString("errorType", exception.GetType().Name);
        writer.WriteString(
            "errorMessage",
            message.Length > MessageLengthMax ? message[..MessageLengthMax] : message
        );
        writer.WriteStartArray("stackTrace");
        foreach (var line in (exception.StackTrace ?? "").Split('\n').Take(LinesMax))
        {
            if (line.Trim() is { Length: > 0 } frame)
            {
                writer.WriteStringValue(frame);
            }
        }

        writer.WriteEndArray();
        if (exception.InnerException is { } cause && depth < CausesMax)
        {
            writer.WritePropertyName("cause");
            Write(writer, cause, depth + 1);
        }

        writer.WriteEndObject();
    }
}
