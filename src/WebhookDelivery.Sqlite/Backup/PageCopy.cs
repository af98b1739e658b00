namespace WebhookDelivery.Sqlite;

/// <summary>
/// Copies a database into an empty one, page by page and a piece at a time. The source must be in a
/// read transaction, or what others write meanwhile starts the copy anew. Not thread-safe.
/// </summary>
internal sealed unsafe class PageCopy : IDisposable
{
    private readonly Database _target;
    private nint _handle;

    public PageCopy(Database source, Database target)
    {
        _target = target;
        fixed (byte* name = "main\0"u8)
        {
            _handle = SqliteNative.BackupInit(target.Handle, name, source.Handle, name);
        }

        if (_handle == 0)
        {
            throw target.Error(SqliteNative.Abort);
        }
    }

    /// <summary>Copies at most so many pages. Returns false when it has copied the last one.</summary>
    public bool Step(int pages)
    {
        var code = SqliteNative.BackupStep(_handle, pages);
        return code switch
        {
            SqliteNative.Ok => true,
            SqliteNative.Done => false,
            // Not the target's own error: a page of the source that cannot be read is one too.
            _ => throw new SqliteException(code, "a page could not be copied"),
        };
    }

    public void Dispose()
    {
        _ = SqliteNative.BackupFinish(_handle);
        _handle = 0;
        GC.KeepAlive(_target);
    }
}
