using System.Runtime.CompilerServices;

namespace WebhookDelivery.Http;

/// <summary>
/// A connection that hands over a bounded number of bytes per exchange, counted anew from each write.
/// The handler limits one response's headers, but reads any number of interim responses before it;
/// this bounds the sum.
/// </summary>
internal sealed class BudgetedStream : Stream
{
    private readonly Stream _inner;
    private readonly long _bytesMax;
    private long _bytesLeft;

    public BudgetedStream(Stream inner, long bytesMax)
    {
        _inner = inner;
        _bytesMax = bytesMax;
        _bytesLeft = bytesMax;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (Volatile.Read(ref _bytesLeft) < 0)
        {
            return ValueTask.FromException<int>(new ResponseTooLongException());
        }

        var read = _inner.ReadAsync(buffer, cancellationToken);
        if (!read.IsCompletedSuccessfully)
        {
            return CountAsync(read);
        }

        var count = read.Result;
        Interlocked.Add(ref _bytesLeft, -count);
        return new ValueTask<int>(count);
    }

    public override Task<int> ReadAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (Volatile.Read(ref _bytesLeft) < 0)
        {
            throw new ResponseTooLongException();
        }

        var count = _inner.Read(buffer);
        Interlocked.Add(ref _bytesLeft, -count);
        return count;
    }

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        Volatile.Write(ref _bytesLeft, _bytesMax);
        return _inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        Volatile.Write(ref _bytesLeft, _bytesMax);
        _inner.Write(buffer, offset, count);
    }

    public override void Flush() => _inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> CountAsync(ValueTask<int> read)
    {
        var count = await read;
        Interlocked.Add(ref _bytesLeft, -count);
        return count;
    }
}
