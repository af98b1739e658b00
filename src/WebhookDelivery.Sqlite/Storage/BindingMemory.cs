using System.Runtime.InteropServices;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Where a statement's blobs and texts lie while it runs: unmanaged memory that is used again by each
/// run, so that SQLite need not copy them and the garbage collector need not leave them in place. It
/// grows, between two runs, to what a run needed. Not thread-safe.
/// </summary>
internal sealed unsafe class BindingMemory : IDisposable
{
    private const int FirstBytes = 256;

    /// <summary>Larger runs are rare, and may have SQLite copy what does not fit.</summary>
    private const int BytesMax = 64 * 1024;

    private byte* _start;
    private int _size;
    private int _used;
    private int _wanted;

    /// <summary>Begins a run: nothing that was taken before is used any more.</summary>
    public void Clear()
    {
        if (_wanted > _size && _size < BytesMax)
        {
            var size = Math.Min(BytesMax, Math.Max(_wanted, FirstBytes));
            _start = (byte*)NativeMemory.Realloc(_start, (nuint)size);
            _size = size;
        }

        _used = 0;
        _wanted = 0;
    }

    /// <summary>Room for some bytes; null if it is used up.</summary>
    public byte* TryTake(int bytes)
    {
        _wanted += Math.Min(bytes, BytesMax);
        if (bytes > _size - _used)
        {
            return null;
        }

        var room = _start + _used;
        _used += bytes;
        return room;
    }

    /// <summary>Gives back the end of what was taken last.</summary>
    public void GiveBack(int bytes) => _used -= bytes;

    public void Dispose()
    {
        NativeMemory.Free(_start);
        _start = null;
        _size = 0;
        _used = 0;
    }
}
