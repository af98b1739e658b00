namespace WebhookDelivery.Benchmarks;

/// <summary>
/// A server's database, read beside it or after its end: counting a million deliveries through lists of
/// a hundred would take longer than what is measured. Not thread-safe.
/// </summary>
internal sealed class StoreFile : IDisposable
{
    private const int BusyMilliseconds = 5000;

    private readonly nint _database;

    private StoreFile(nint database) => _database = database;

    /// <exception cref="BrokenRunException">There is no database, or it cannot be opened.</exception>
    public static StoreFile Open(DataFolder data)
    {
        var path = Directory.EnumerateFiles(data.Path, "*.db").SingleOrDefault();
        if (path is null)
        {
            throw new BrokenRunException($"{data.Path} holds no database.");
        }

        var result = StoreNative.Open(path, out var database, StoreNative.OpenReadOnly, 0);
        var store = new StoreFile(database);
        if (result != StoreNative.Ok)
        {
            store.Dispose();
            throw new BrokenRunException($"{path} cannot be opened: SQLite says {result}.");
        }

        _ = StoreNative.BusyTimeout(database, BusyMilliseconds);
        return store;
    }

    /// <summary>How many deliveries are open: their first attempt, or another one, is to come.</summary>
    public long CountOpen() =>
        Scalar(
            "SELECT count(*) FROM deliveries INDEXED BY deliveries_due WHERE due_ms IS NOT NULL"
        );

    /// <summary>How many deliveries are dead letters.</summary>
    public long CountDead() =>
        Scalar("SELECT count(*) FROM deliveries INDEXED BY deliveries_dead WHERE status = 3");

    /// <summary>How many deliveries there are.</summary>
    public long CountAll() => Scalar("SELECT count(*) FROM deliveries");

    /// <summary>The number of the oldest event that is left, in the order of insertion; 0 if none is.</summary>
    public long OldestEvent() => Scalar("SELECT COALESCE(MIN(seq), 0) FROM events");

    /// <summary>The number of the newest event; 0 if there is none.</summary>
    public long NewestEvent() => Scalar("SELECT COALESCE(MAX(seq), 0) FROM events");

    public void Dispose() => _ = StoreNative.Close(_database);

    private long Scalar(string sql)
    {
        Check(StoreNative.Prepare(_database, sql, -1, out var statement, 0), StoreNative.Ok, sql);
        try
        {
            Check(StoreNative.Step(statement), StoreNative.Row, sql);
            return StoreNative.Int64(statement, 0);
        }
        finally
        {
            _ = StoreNative.Finish(statement);
        }
    }

    private static void Check(int result, int expected, string sql)
    {
        if (result != expected)
        {
            throw new BrokenRunException($"SQLite says {result} to: {sql}");
        }
    }
}
