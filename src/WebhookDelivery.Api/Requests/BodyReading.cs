using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace WebhookDelivery.Api;

/// <summary>Reads a request's body once, into an array of exactly its size.</summary>
internal static class BodyReading
{
    /// <summary>
    /// How far beyond the limit the server may read on to drop the rest of a refused body: a client
    /// that is still sending sees the answer instead of a reset connection.
    /// </summary>
    private const int LingerBytes = 1024 * 1024;

    private const int FirstChunkBytes = 4096;

    /// <summary>The body; null if it has more than <paramref name="bytesMax"/> bytes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytesMax">Most bytes, inclusive.</param>
    /// <param name="room">Where its memory is taken from; null for one that is small, or of its own.</param>
    /// <exception cref="BadHttpRequestException">It is cut short or framed wrongly.</exception>
    /// <exception cref="Core.StoreUnavailableException">There is no room for it now.</exception>
    public static ValueTask<byte[]?> ReadAsync(
        HttpContext context,
        int bytesMax,
        BodyRoom? room = null
    )
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false })
        {
            limit.MaxRequestBodySize = (long)bytesMax + LingerBytes;
        }

        var request = context.Request;
        return request.ContentLength switch
        {
            null => ReadUnknownAsync(request.BodyReader, bytesMax, room),
            var length when length > bytesMax => new((byte[]?)null),
            0 => new(Array.Empty<byte>()),
            var length => ReadKnownAsync(request.BodyReader, (int)length, room),
        };
    }

    private static async ValueTask<byte[]?> ReadKnownAsync(
        PipeReader reader,
        int length,
        BodyRoom? room
    )
    {
        room?.Cover(length);
        var body = GC.AllocateUninitializedArray<byte>(length);
        var filled = 0;
        while (true)
        {
            var result = await reader.ReadAsync();
            var buffer = result.Buffer;
            var count = (int)Math.Min(buffer.Length, length - filled);
            buffer.Slice(0, count).CopyTo(body.AsSpan(filled));
            filled += count;
            reader.AdvanceTo(buffer.End);
            if (result.IsCompleted || filled == length)
            {
                return filled == length
                    ? body
                    : throw new BadHttpRequestException("The body ended early.");
            }
        }
    }

    private static async ValueTask<byte[]?> ReadUnknownAsync(
        PipeReader reader,
        int bytesMax,
        BodyRoom? room
    )
    {
        var grown = ArrayPool<byte>.Shared.Rent(FirstChunkBytes);
        try
        {
            var filled = 0;
            while (true)
            {
                var result = await reader.ReadAsync();
                var buffer = result.Buffer;
                var tooMany = buffer.Length > bytesMax - filled;
                if (!tooMany)
                {
                    var count = (int)buffer.Length;
                    room?.Cover(filled + count);
                    grown = Grow(grown, filled, filled + count);
                    buffer.CopyTo(grown.AsSpan(filled));
                    filled += count;
                }

                reader.AdvanceTo(buffer.End);
                if (tooMany || result.IsCompleted)
                {
                    return tooMany ? null : grown.AsSpan(0, filled).ToArray();
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(grown);
        }
    }

    private static byte[] Grow(byte[] current, int filled, int needed)
    {
        if (needed <= current.Length)
        {
            return current;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, current.Length * 2));
        current.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(current);
        return larger;
    }
}
