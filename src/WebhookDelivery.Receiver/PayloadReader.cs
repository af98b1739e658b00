using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Receiver;

/// <summary>Reads a request's body into memory, up to a limit.</summary>
internal static class PayloadReader
{
    // A sender that announces megabytes and sends none must not make the receiver allocate them.
    private const int InitialBytesMax = 64 * 1024;

    /// <returns>The bytes, or <see langword="null"/> if there are more than the limit.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        HttpRequest request,
        int bytesMax,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentLength > bytesMax)
        {
            return null;
        }

        var initial = Math.Clamp(request.ContentLength ?? 0, 1, InitialBytesMax);
        var payload = new ArrayBufferWriter<byte>((int)initial);
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellationToken);
                var fits = payload.WrittenCount + read.Buffer.Length <= bytesMax;
                if (fits)
                {
                    Append(payload, read.Buffer);
                }

                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (!fits)
                {
                    return null;
                }

                if (read.IsCompleted)
                {
                    return payload.WrittenMemory;
                }
            }
        }
        catch (BadHttpRequestException exception)
            when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // The server's own limit is below ours.
            return null;
        }
    }

    private static void Append(ArrayBufferWriter<byte> payload, ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            payload.Write(segment.Span);
        }
    }
}
