using System.Buffers.Text;

namespace WebhookDelivery.Benchmarks;

/// <summary>Reads as much of a response as a closed loop needs: its status, and whether it is all there.</summary>
internal static class LoadResponse
{
    private const int StatusAt = 9;

    /// <summary>False as long as more is to come. Never called with more than one response.</summary>
    public static bool TryReadStatus(ReadOnlySpan<byte> received, out int status)
    {
        status = 0;
        var headLength = received.IndexOf("\r\n\r\n"u8);
        if (headLength < 0 || !IsComplete(received[..headLength], received[(headLength + 4)..]))
        {
            return false;
        }

        return Utf8Parser.TryParse(received[StatusAt..], out status, out _);
    }

    private static bool IsComplete(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var lengthAt = head.IndexOf("Content-Length: "u8);
        if (lengthAt < 0)
        {
            // Chunked: the last chunk is empty, and no JSON text ends like it.
            return body.EndsWith("0\r\n\r\n"u8);
        }

        return Utf8Parser.TryParse(head[(lengthAt + 16)..], out int bytes, out _)
            && body.Length >= bytes;
    }
}
