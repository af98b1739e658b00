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
    /// <exception cref="BadHttpRequestException">It is cut short or framed wrongly.</exception>
    public static ValueTask<byte[]?> ReadAsync(HttpContext context, int bytesMax)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false })
        {
            limit.MaxRequestBodySize = (long)bytesMax + LingerBytes;
        }

        var request = context.Request;
        return request.ContentLength switch
        {
            null => ReadUnknownAsync(request.BodyReader, bytesMax),
            var length when length > bytesMax => new((byte[]?)null),
            0 => new(Array.Empty<byte>()),
            var length => ReadKnownAsync(request.BodyReader, (int)length),
        };
    }

    private static async ValueTask<byte[]?> ReadKnownAsync(PipeReader reader, int length)
    {
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

    private static async ValueTask<byte[]?> ReadUnknownAsync(PipeReader reader, int bytesMax)
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
