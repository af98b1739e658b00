using System.Text;
using SQLitePCL;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// A prepared statement. Parameters are bound in order, <c>?1</c> first, each run binding all of
/// them; columns count from 0. Spans that a row gives are good until the next step.
/// </summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    /// <summary>Parameters that hold null already, a bit each: most optional columns mostly do.</summary>
    private ulong _nulls;
    private int _bound;

    /// <summary>
    /// Begins to bind from the first parameter, whatever became of the last run: an exception between
    /// two bindings must not spoil the statement for ever.
    /// </summary>
    public Statement Begin()
    {
        _bound = 0;
        return this;
    }

    public Statement Bind(long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, Next(), value));
        return this;
    }

    public Statement Bind(long? value) => value is { } given ? Bind(given) : BindNull();

    public Statement BindNull()
    {
        // What is bound stays bound over a reset, so a null need not be bound over a null.
        var bit = 1UL << _bound++;
        if ((_nulls & bit) == 0)
        {
            database.Check(raw.sqlite3_bind_null(handle, _bound));
            _nulls |= bit;
        }

        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> blob)
    {
        // An empty span has no address, which SQLite would take for null.
        var index = Next();
        database.Check(
            blob.IsEmpty
                ? raw.sqlite3_bind_zeroblob(handle, index, 0)
                : raw.sqlite3_bind_blob(handle, index, blob)
        );
        return this;
    }

    public Statement Bind(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(bytes);
    }

    public Statement Bind(string? text)
    {
        if (text is null)
        {
            return BindNull();
        }

        var index = Next();
        Span<byte> bytes = stackalloc byte[256];
        database.Check(
            Encoding.UTF8.TryGetBytes(text, bytes, out var written) && written > 0
                ? raw.sqlite3_bind_text(handle, index, bytes[..written])
                : raw.sqlite3_bind_text(handle, index, text)
        );
        return this;
    }

    /// <summary>Runs a statement that returns no rows, and makes it ready to be bound again.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        try
        {
            while (Step()) { }
            return database.Changes;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Begins to read rows; disposing the answer makes the statement ready to be bound again.</summary>
    public Rows Query() => new(this);

    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw database.Error(code),
        };
    }

    public void Reset()
    {
        // The code of a failed step comes again here; it has been thrown already.
        raw.sqlite3_reset(handle);
        _bound = 0;
    }

    /// <summary>The next parameter, about to hold something. At most 64 parameters.</summary>
    private int Next()
    {
        _nulls &= ~(1UL << _bound);
        return ++_bound;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) =>
        raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    public void Dispose() => handle.Dispose();

    /// <summary>The rows of one run.</summary>
    internal readonly ref struct Rows(Statement statement)
    {
        public bool Step() => statement.Step();

        public bool IsNull(int column) => statement.IsNull(column);

        public long Int64(int column) => statement.Int64(column);

        public int Int32(int column) => (int)statement.Int64(column);

        public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

        public int? Int32OrNull(int column) => IsNull(column) ? null : Int32(column);

        public ReadOnlySpan<byte> Blob(int column) => statement.Blob(column);

        public byte[] Bytes(int column) => statement.Blob(column).ToArray();

        /// <summary>
        /// Null for null. Spelt out: beside a bare null, a conditional takes the conversion from a
        /// null array and yields empty memory.
        /// </summary>
        public ReadOnlyMemory<byte>? Memory(int column)
        {
            if (IsNull(column))
            {
                return null;
            }

            return new ReadOnlyMemory<byte>(Bytes(column));
        }

        public Guid Id(int column) => new(statement.Blob(column), bigEndian: true);

        public string Text(int column) => statement.Text(column);

        public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

        public DateTimeOffset Time(int column) => Times.FromMs(Int64(column));

        public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

        public void Dispose() => statement.Reset();
    }
}
