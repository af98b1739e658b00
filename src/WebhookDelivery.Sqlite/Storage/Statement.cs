using System.Text;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// A prepared statement. Parameters are bound in order, <c>?1</c> first, each run binding all of
/// them; columns count from 0. Spans that a row gives are good until the next step. Not thread-safe,
/// as its connection.
/// </summary>
internal sealed unsafe class Statement : IDisposable
{
    private readonly Database _database;
    private readonly BindingMemory _memory = new();

    /// <summary>Which parameters hold null already: most optional columns mostly do.</summary>
    private readonly bool[] _nulls;
    private nint _handle;
    private int _bound;
    private bool _running;
    private bool _copied;

    public Statement(Database database, nint handle)
    {
        _database = database;
        _handle = handle;
        _nulls = new bool[SqliteNative.ParameterCount(handle)];
        Array.Fill(_nulls, true);
    }

    /// <summary>
    /// Begins to bind from the first parameter, whatever became of the last run: an exception between
    /// two bindings must not spoil the statement for ever.
    /// </summary>
    /// <exception cref="InvalidOperationException">Its rows are still being read.</exception>
    public Statement Begin()
    {
        if (_running)
        {
            throw new InvalidOperationException("The statement is still running.");
        }

        DropCopies();
        _bound = 0;
        _memory.Clear();
        return this;
    }

    public Statement Bind(long value)
    {
        _database.Check(SqliteNative.BindInt64(_handle, Next(), value));
        return this;
    }

    public Statement Bind(long? value) => value is { } given ? Bind(given) : BindNull();

    public Statement BindNull()
    {
        // What is bound stays bound over a reset, so a null need not be bound over a null.
        if (!_nulls[_bound])
        {
            _database.Check(SqliteNative.BindNull(_handle, _bound + 1));
            _nulls[_bound] = true;
        }

        _bound++;
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> blob)
    {
        var index = Next();
        var room = _memory.TryTake(Math.Max(blob.Length, 1));
        if (room is not null)
        {
            blob.CopyTo(new Span<byte>(room, blob.Length));
            _database.Check(
                SqliteNative.BindOwnBlob(_handle, index, room, blob.Length, SqliteNative.Static)
            );
            return this;
        }

        // An empty span has no address, which SQLite would take for null.
        _copied = true;
        byte empty = 0;
        fixed (byte* bytes = blob)
        {
            _database.Check(
                SqliteNative.BindBlob(
                    _handle,
                    index,
                    bytes is null ? &empty : bytes,
                    blob.Length,
                    SqliteNative.Transient
                )
            );
        }

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
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var room = _memory.TryTake(most);
        if (room is not null)
        {
            var length = Encoding.UTF8.GetBytes(text, new Span<byte>(room, most));
            _memory.GiveBack(most - length);
            _database.Check(
                SqliteNative.BindOwnText(_handle, index, room, length, SqliteNative.Static)
            );
            return this;
        }

        _copied = true;
        var encoded = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, encoded);
        fixed (byte* bytes = encoded)
        {
            _database.Check(
                SqliteNative.BindText(
                    _handle,
                    index,
                    bytes,
                    encoded.Length - 1,
                    SqliteNative.Transient
                )
            );
        }

        return this;
    }

    /// <summary>Runs a statement that returns no rows, and makes it ready to be bound again.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        try
        {
            while (Step()) { }
            return _database.Changes;
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
        if (_bound != _nulls.Length)
        {
            throw new InvalidOperationException("A parameter is not bound.");
        }

        _running = true;
        var code = SqliteNative.Step(_handle);
        return code switch
        {
            SqliteNative.Row => true,
            SqliteNative.Done => false,
            _ => throw _database.Error(code),
        };
    }

    public void Reset()
    {
        // The code of a failed step comes again here; it has been thrown already.
        _ = SqliteNative.Reset(_handle);
        _running = false;
        DropCopies();
    }

    public bool IsNull(int column) =>
        SqliteNative.ColumnType(_handle, column) == SqliteNative.NullType;

    public long Int64(int column) => SqliteNative.ColumnInt64(_handle, column);

    public ReadOnlySpan<byte> Blob(int column)
    {
        // In this order: asking for the blob may turn the value into another form.
        var bytes = SqliteNative.ColumnBlob(_handle, column);
        return new ReadOnlySpan<byte>(bytes, SqliteNative.ColumnBytes(_handle, column));
    }

    public string Text(int column)
    {
        var text = SqliteNative.ColumnText(_handle, column);
        return text is null
            ? ""
            : Encoding.UTF8.GetString(text, SqliteNative.ColumnBytes(_handle, column));
    }

    public void Dispose()
    {
        _ = SqliteNative.Finish(_handle);
        _handle = 0;
        _memory.Dispose();
    }

    /// <summary>
    /// Frees what SQLite has copied: binding anew would free it as well, but binds what is short
    /// without letting the garbage collector run beside it.
    /// </summary>
    private void DropCopies()
    {
        if (_copied)
        {
            _ = SqliteNative.ClearBindings(_handle);
            _copied = false;
        }
    }

    /// <summary>The next parameter, about to hold something.</summary>
    private int Next()
    {
        _nulls[_bound] = false;
        return ++_bound;
    }

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
