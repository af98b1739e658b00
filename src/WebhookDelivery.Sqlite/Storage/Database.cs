using System.Text;
using SQLitePCL;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// One connection with its prepared statements. Not thread-safe: the writer owns one, and each
/// reader of the pool another.
/// </summary>
internal sealed class Database : IDisposable
{
    private readonly sqlite3 _handle;

    // By reference: hashing the text of a statement would cost a good part of running it.
    private readonly Dictionary<object, Statement> _statements = new(
        ReferenceEqualityComparer.Instance
    );

    static Database() => Batteries_V2.Init();

    private Database(sqlite3 handle) => _handle = handle;

    /// <summary>True while a transaction is open; SQLite ends one by itself on some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Rows that the last statement inserted, updated or deleted.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>The rowid of the last insert.</summary>
    public long LastInsertRowId => raw.sqlite3_last_insert_rowid(_handle);

    public static Database Open(string path, bool readOnly, TimeSpan busyTimeout)
    {
        var flags =
            raw.SQLITE_OPEN_NOMUTEX
            | (
                readOnly
                    ? raw.SQLITE_OPEN_READONLY
                    : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE
            );
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null!);
        if (code != raw.SQLITE_OK)
        {
            handle?.Dispose();
            throw new SqliteException(code, $"cannot open {path}");
        }

        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, (int)busyTimeout.TotalMilliseconds);
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
            Check(
                raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var made)
            );
            statement = new Statement(this, made);
            _statements.Add(sql, statement);
        }

        return statement.Begin();
    }

    /// <summary>Runs statements that are needed once, such as a migration's.</summary>
    public void Execute(string sql)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(sql + "\0");
        while (rest.Length > 1)
        {
            Check(raw.sqlite3_prepare_v2(_handle, rest, out var made, out rest));
            if (made is null || made.IsInvalid)
            {
                continue;
            }

            using var statement = new Statement(this, made);
            while (statement.Step()) { }
        }
    }

    public long ScalarInt64(string sql)
    {
        using var rows = Prepare(sql).Query();
        return rows.Step() ? rows.Int64(0) : 0;
    }

    public void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Error(code);
        }
    }

    public SqliteException Error(int code) =>
        new(
            raw.sqlite3_extended_errcode(_handle) is var extended
            && (extended & 0xff) == (code & 0xff)
                ? extended
                : code,
            raw.sqlite3_errmsg(_handle).utf8_to_string() ?? "no message"
        );

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _handle.Dispose();
    }
}
