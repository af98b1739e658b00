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

    private Database(nint handle) => _handle = handle;

    /// <summary>True while a transaction is open; SQLite ends one by itself on some errors.</summary>
    public bool InTransaction => _handle != 0 && SqliteNative.Autocommit(_handle) == 0;

    /// <summary>Rows that the last statement inserted, updated or deleted.</summary>
    public int Changes => SqliteNative.Changes(Handle);

    /// <summary>The rowid of the last insert.</summary>
    public long LastInsertRowId => SqliteNative.LastInsertRowId(Handle);

    private nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    public static Database Open(string path, bool readOnly, TimeSpan busyTimeout)
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
        return new Database(handle);
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

    public long ScalarInt64(string sql)
    {
        using var rows = Prepare(sql).Query();
        return rows.Step() ? rows.Int64(0) : 0;
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
        return new SqliteException(
            (extended & 0xff) == (code & 0xff) ? extended : code,
            message ?? "no message"
        );
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
    }

    /// <summary>Zero for a text that has no statement, such as a comment.</summary>
    private nint Make(byte* sql, uint flags, out byte* rest)
    {
        Check(SqliteNative.Prepare(Handle, sql, -1, flags, out var made, out rest));
        return made;
    }
}
