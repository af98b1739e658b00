using System.Buffers;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>
/// Reads a response's body within limits and keeps its beginning. What happens here changes no
/// outcome: the status line has decided.
/// </summary>
internal static class ResponseExcerpt
{
    /// <summary>Room for the excerpt, and three times as much to read the rest into.</summary>
    private const int BufferBytes = 4 * AttemptOutcome.ResponseExcerptBytesMax;

    /// <summary>
    /// Reads up to <paramref name="bytesMax"/> bytes within <paramref name="timeMax"/>. A body read to
    /// its end leaves the connection fit for reuse; any other is dropped with its connection when the
    /// response is disposed.
    /// </summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        HttpResponseMessage response,
        int bytesMax,
        TimeSpan timeMax,
        TimeProvider timeProvider,
        CancellationToken cancellationToken
    )
    {
        // After 101 the connection speaks another protocol: there is no body to wait for.
        if (
            response.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols
            || response.Content.Headers.ContentLength == 0
        )
        {
            return default;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var total = 0;
        try
        {
            var limit = new BodyTimeLimit(timeProvider, timeMax);
            await using (limit)
            {
                var body = response.Content.ReadAsStream(CancellationToken.None);
                while (total < bytesMax)
                {
                    var read = body.ReadAsync(Room(buffer, total, bytesMax), limit.Token);
                    if (!read.IsCompleted)
                    {
                        limit.Start(cancellationToken);
                    }

                    var count = await read;
                    if (count == 0)
                    {
                        break;
                    }

                    total += count;
                }
            }
        }
        // A body that is cut off, malformed, too slow or too long: what was read counts.
        catch (Exception fault)
            when (fault is IOException or HttpRequestException or OperationCanceledException) { }

        var kept = Math.Min(total, AttemptOutcome.ResponseExcerptBytesMax);
        var excerpt = kept == 0 ? default : buffer.AsSpan(0, kept).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return excerpt;
    }

    /// <summary>The excerpt is read to the front of the buffer; the rest, over and over, behind it.</summary>
    private static Memory<byte> Room(byte[] buffer, int total, int bytesMax)
    {
        const int kept = AttemptOutcome.ResponseExcerptBytesMax;
        var room =
            total < kept
                ? buffer.AsMemory(total, kept - total)
                : buffer.AsMemory(kept, BufferBytes - kept);
        return room[..Math.Min(room.Length, bytesMax - total)];
    }
}
