using System.Runtime.CompilerServices;

namespace WebhookDelivery.Http;

/// <summary>
/// A connection to a receiver as the handler sees it, with two things put right.
/// <para>
/// It is not used again once its receiver has answered in HTTP/1.0. Such a connection ends with its
/// response (RFC 9112, section 9.3), yet the handler keeps it unless the head says
/// <c>Connection: close</c>, and the next webhook sent on it would race with the receiver's hanging up
/// and fail for no fault of the receiver. So the head is given that line: the first one that follows a
/// request, as HTTP/1.0 knows no interim heads.
/// https://www.rfc-editor.org/rfc/rfc9112#section-9.3
/// </para>
/// <para>
/// It breaks once a response has grown beyond all bounds. Limits on the head and on the body leave out
/// what chunks add: 16 KiB of body, a byte at a time under extensions of 12 kB each, would be 200 MB.
/// </para>
/// </summary>
/// <param name="inner">The connection, decrypted; owned.</param>
/// <param name="responseBytesMax">Most bytes read from one request to the next.</param>
internal sealed class ReceiverStream(Stream inner, long responseBytesMax) : Stream
{
    private ReadOnlyMemory<byte> _unread;
    private long _bytesRead;
    private bool _awaitsHead;
    private int _versionBytesSeen;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private static ReadOnlySpan<byte> Version => "HTTP/1.0"u8;

    private static ReadOnlySpan<byte> CloseLine => "Connection: close\r\n"u8;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (!_unread.IsEmpty)
        {
            var count = Math.Min(buffer.Length, _unread.Length);
            _unread[..count].CopyTo(buffer);
            _unread = _unread[count..];
            return new ValueTask<int>(count);
        }

        // The handler reads ahead of its next request: what the bytes are is known when they are here.
        var read = inner.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully
            ? new ValueTask<int>(Inspect(buffer.Span[..read.Result]))
            : AwaitAsync(read, buffer);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        _awaitsHead = true;
        _versionBytesSeen = 0;
        _bytesRead = 0;
        return inner.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <summary>Not supported: the sender does not block.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    /// <summary>Not supported: the sender does not block.</summary>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        var count = await read;
        return Inspect(buffer.Span[..count]);
    }

    /// <summary>How many of the bytes the handler gets now; the others follow the added line.</summary>
    private int Inspect(ReadOnlySpan<byte> bytes)
    {
        _bytesRead += bytes.Length;
        if (_bytesRead > responseBytesMax)
        {
            throw new IOException("The response is too long.");
        }

        if (!_awaitsHead)
        {
            return bytes.Length;
        }

        var expected = Version[_versionBytesSeen..];
        var common = bytes.CommonPrefixLength(expected);
        _versionBytesSeen += common;
        if (common < expected.Length)
        {
            // Another version, unless the rest is still to come.
            _awaitsHead = common == bytes.Length;
            return bytes.Length;
        }

        var lineEnd = bytes[common..].IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            return bytes.Length;
        }

        _awaitsHead = false;
        var given = common + lineEnd + 1;
        _unread = (byte[])[.. CloseLine, .. bytes[given..]];
        return given;
    }
}
