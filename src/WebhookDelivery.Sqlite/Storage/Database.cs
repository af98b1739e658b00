using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// One connection with its prepared statements. Not thread-safe: the writer owns one, and each
/// reader of the pool another.
/// </summary>
internal sealed unsafe class Database : IDisposable
{
    // By reference: hashing the text of a statement would cost a good part of running it.
    private readonly Dictionary<object, Statement> _statements = new(
        ReferenceEqualityComparer.Instance
    );
    private nint _handle;
    private int* _logFrames;

    private readonly DamageReport? _damage;

    private Database(nint handle, DamageReport? damage)
    {
        _handle = handle;
        _damage = damage;
    }

    /// <summary>True while a transaction is open; SQLite ends one by itself on some errors.</summary>
    public bool InTransaction => _handle != 0 && SqliteNative.Autocommit(_handle) == 0;

    /// <summary>Rows that the last statement inserted, updated or deleted.</summary>
    public int Changes => SqliteNative.Changes(Handle);

    /// <summary>The rowid of the last insert.</summary>
    public long LastInsertRowId => SqliteNative.LastInsertRowId(Handle);

    /// <summary>Pages in the write-ahead log after this connection's last commit.</summary>
    public int LogFrames => _logFrames is null ? 0 : *_logFrames;

    /// <summary>For functions of SQLite that work on two connections.</summary>
    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="path">The database's file.</param>
    /// <param name="readOnly">Whether it only reads; else the file is made if there is none.</param>
    /// <param name="busyTimeout">How long it waits for another one's lock.</param>
    /// <param name="damage">Is told when a page is damaged; null to tell nobody.</param>
    public static Database Open(
        string path,
        bool readOnly,
        TimeSpan busyTimeout,
        DamageReport? damage = null
    )
    {
        var access = readOnly
            ? SqliteNative.OpenReadOnly
            : SqliteNative.OpenReadWrite | SqliteNative.OpenCreate;
        var code = SqliteNative.Open(path, out var handle, access | SqliteNative.OpenNoMutex, 0);
        if (code != SqliteNative.Ok)
        {
            _ = SqliteNative.Close(handle);
            throw new SqliteException(code, $"cannot open {path}");
        }

        _ = SqliteNative.ExtendedResultCodes(handle, 1);
        _ = SqliteNative.BusyTimeout(handle, (int)busyTimeout.TotalMilliseconds);
        return new Database(handle, damage);
    }

    /// <summary>
    /// The statement for this text, prepared once and kept. The text must be a constant: it is found
    /// again by reference, and never forgotten.
    /// </summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            fixed (byte* text = Encoding.UTF8.GetBytes(sql + "\0"))
            {
                var made = Make(text, SqliteNative.PreparePersistent, out _);
                statement = new Statement(this, made);
            }

            _statements.Add(sql, statement);
        }

        return statement.Begin();
    }

    /// <summary>Runs statements that are needed once, such as a migration's.</summary>
    public void Execute(string sql)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(sql + "\0"))
        {
            for (var rest = text; *rest != 0; )
            {
                var made = Make(rest, 0, out rest);
                if (made != 0)
                {
                    using var statement = new Statement(this, made);
                    while (statement.Step()) { }
                }
            }
        }
    }

    /// <summary>From now on <see cref="LogFrames"/> is counted, and no commit checkpoints by itself.</summary>
    public void TakeOverCheckpoints()
    {
        _logFrames = (int*)NativeMemory.AllocZeroed(sizeof(int));
        _ = SqliteNative.OnLogCommit(Handle, &CountFrames, _logFrames);
    }

    /// <summary>Copies the write-ahead log into the database, as far as no reader is in the way.</summary>
    /// <returns>SQLite's extended result code; none is thrown.</returns>
    public int Checkpoint() =>
        SqliteNative.Checkpoint(Handle, null, SqliteNative.CheckpointPassive, out _, out _);

    public long ScalarInt64(string sql)
    {
        using var rows = Prepare(sql).Query();
        return rows.Step() ? rows.Int64(0) : 0;
    }

    /// <summary>Ends what runs on this connection; any thread may call it until it is closed.</summary>
    public void Interrupt()
    {
        if (_handle is not 0 and var handle)
        {
            SqliteNative.Interrupt(handle);
        }
    }

    public void Check(int code)
    {
        if (code != SqliteNative.Ok)
        {
            throw Error(code);
        }
    }

    public SqliteException Error(int code)
    {
        var extended = SqliteNative.ExtendedErrorCode(_handle);
        var message = Marshal.PtrToStringUTF8((nint)SqliteNative.ErrorMessage(_handle));
        var exception = new SqliteException(
            (extended & 0xff) == (code & 0xff) ? extended : code,
            message ?? "no message"
        );
        _damage?.Note(exception);
        return exception;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _ = SqliteNative.Close(_handle);
        _handle = 0;
        NativeMemory.Free(_logFrames);
        _logFrames = null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CountFrames(int* counted, nint database, byte* name, int frames)
    {
        *counted = frames;
        return SqliteNative.Ok;
    }

    /// <summary>Zero for a text that has no statement, such as a comment.</summary>
    private nint Make(byte* sql, uint flags, out byte* rest)
    {
        Check(SqliteNative.Prepare(Handle, sql, -1, flags, out var made, out rest));
        return made;
    }
}
