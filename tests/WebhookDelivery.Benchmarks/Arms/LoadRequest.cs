using System.Text;

namespace WebhookDelivery.Benchmarks;

/// <summary>The bytes of the one request that load repeats.</summary>
internal static class LoadRequest
{
    public static byte[] Make(int port, string apiKey)
    {
        var head =
            "POST /v1/events HTTP/1.1\r\n"
            + $"Host: 127.0.0.1:{port}\r\n"
            + $"Authorization: Bearer {apiKey}\r\n"
            + "Content-Type: application/json\r\n"
            + $"Content-Length: {Payload.Bytes.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. Payload.Bytes];
    }
}
