using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// The embedded engine: one process, one directory, no service. A write is durable when it returns:
/// it shares its transaction, and its fsync, with the others that were waiting. Thread-safe.
/// </summary>
public sealed class SqliteEngine : IAsyncDisposable
{
    /// <summary>The meter that counts commits and the operations they carried.</summary>
    public const string MeterName = "WebhookDelivery.Sqlite";

    private readonly DataDirectory _directory;
    private readonly FreeSpace _freeSpace;
    private readonly WalReset _walReset;
    private readonly StorageGuard _guard;
    private readonly EngineMetrics _metrics = new();
    private readonly Database _database;
    private readonly ReaderPool _readers;
    private readonly ReaderPool _queueReader;
    private readonly Writer _writer;
    private readonly SqliteDeliveryQueue _queue;
    private readonly SqliteEventStore _eventStore;
    private bool _disposed;

    private SqliteEngine(
        DataDirectory directory,
        Database database,
        DamageReport damage,
        SqliteEngineOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        _directory = directory;
        _freeSpace = new FreeSpace(directory, options);
        _walReset = new WalReset(directory, logger);
        _guard = new StorageGuard(
            options,
            _freeSpace.Bytes,
            directory.WalBytes,
            _walReset.Ask,
            damage,
            time,
            logger
        );
        _database = database;
        _readers = new ReaderPool(
            directory.DatabasePath,
            options.ReadersMax,
            options.BusyTimeout,
            damage
        );
        _queueReader = new ReaderPool(directory.DatabasePath, 1, options.BusyTimeout, damage);
        var open = DueReader.OpenLanes(_database);
        _writer = new Writer(_database, options, _guard, _metrics, logger);
        _queue = new SqliteDeliveryQueue(
            _writer,
            _queueReader,
            _readers,
            open,
            options,
            time,
            logger
        );
        _eventStore = new SqliteEventStore(_writer, _readers, options);
        TenantStore = new SqliteTenantStore(_writer, _readers);
        StatisticsStore = new SqliteStatisticsStore(_writer, _readers);
        RecoveryStore = new SqliteRecoveryStore(_writer, _readers);
        Log.Opened(logger, directory.DatabasePath, Schema.Version, open.Count);
    }

    /// <summary>Events, deliveries and attempts. Reads run on the calling thread, as of a local file.</summary>
    public IEventStore EventStore => _eventStore;

    /// <summary>Tenants, API keys and endpoints. Reads run on the calling thread.</summary>
    public ITenantStore TenantStore { get; }

    /// <summary>What happened, by hour. Reads run on the calling thread.</summary>
    public IStatisticsStore StatisticsStore { get; }

    /// <summary>Recoveries. Reads run on the calling thread.</summary>
    public IRecoveryStore RecoveryStore { get; }

    /// <summary>
    /// What is due. It holds a window of each endpoint's deliveries in memory; a lease ends with the
    /// process.
    /// </summary>
    public IDeliveryQueue DeliveryQueue => _queue;

    /// <summary>Transactions committed since the engine was opened.</summary>
    public long Commits => _metrics.Commits;

    /// <summary>Operations (appends, outcomes, other changes) that those transactions carried.</summary>
    public long Operations => _metrics.Operations;

    /// <summary>Deliveries that memory holds at present: ready, claimed or postponed.</summary>
    public int DeliveriesHeld => _queue.Held;

    internal Writer Writer => _writer;

    /// <summary>Whether a directory holds a database of the engine; it may be in use.</summary>
    public static bool ExistsIn(string dataDirectory) => File.Exists(DatabasePathIn(dataDirectory));

    /// <summary>Where a directory's database is, whether or not it exists.</summary>
    public static string DatabasePathIn(string dataDirectory) =>
        Path.Combine(Path.GetFullPath(dataDirectory), DataDirectory.DatabaseName);

    /// <summary>
    /// Takes the data directory, brings its database to this program's schema, and finds the
    /// endpoints with open deliveries: their number decides how long it takes, not their backlog's.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another process owns the directory, or a newer program wrote the database.
    /// </exception>
    /// <exception cref="StoreUnavailableException">The database cannot be opened.</exception>
    public static SqliteEngine Open(
        SqliteEngineOptions options,
        TimeProvider timeProvider,
        ILoggerFactory loggerFactory
    )
    {
        SqliteEngineOptions.Validate(options);
        var directory = DataDirectory.Take(options.DataDirectory);
        var logger = loggerFactory.CreateLogger<SqliteEngine>();
        var damage = new DamageReport(logger);
        Database? database = null;
        try
        {
            database = OpenDatabase(directory, options, damage, timeProvider, logger);
            return new SqliteEngine(directory, database, damage, options, timeProvider, logger);
        }
        catch (SqliteException exception)
        {
            database?.Dispose();
            directory.Dispose();
            throw new StoreUnavailableException(
                exception.IsDamage
                    ? $"The database {directory.DatabasePath} is damaged: {exception.Message}. Restore a backup."
                    : $"The database {directory.DatabasePath} cannot be opened: {exception.Message}",
                innerException: exception
            );
        }
        catch
        {
            database?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Says why writes, or new events alone, are refused at present, in words for the operator; null
    /// if they are accepted. It tries: one small write goes through the writer.
    /// </summary>
    public async ValueTask<string?> CheckAsync(CancellationToken cancellationToken = default)
    {
        if (_guard.Refusal is { } refusal)
        {
            return refusal;
        }

        try
        {
            await _writer
                .ChangeAsync(
                    0,
                    static (session, _) =>
                    {
                        // There and back: SQLite writes nothing where a row stays as it is.
                        session.Prepare("UPDATE openings SET count = count + 1").Run();
                        return session.Prepare("UPDATE openings SET count = count - 1").Run();
                    },
                    cancellationToken
                )
                .WaitAsync(cancellationToken);
            return null;
        }
        catch (StoreUnavailableException exception)
        {
            return exception.InnerException?.Message ?? exception.Message;
        }
    }

    /// <summary>Writes what waits to be written, then lets go of the directory. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _queue.Dispose();
        await _writer.DisposeAsync();
        _eventStore.Dispose();
        _readers.Dispose();
        _queueReader.Dispose();
        _freeSpace.Dispose();
        _walReset.Dispose();
        _database.Dispose();
        _metrics.Dispose();
        _directory.Dispose();
    }

    private static Database OpenDatabase(
        DataDirectory directory,
        SqliteEngineOptions options,
        DamageReport damage,
        TimeProvider time,
        ILogger logger
    )
    {
        if (directory.HasUnfinishedRestore)
        {
            throw new InvalidOperationException(
                $"A restore into {directory.Path} ended in the middle: run `restore` again. It may not be started on as it is."
            );
        }

        directory.CreateDatabaseFile();
        var database = Database.Open(
            directory.DatabasePath,
            readOnly: false,
            options.BusyTimeout,
            damage
        );
        try
        {
            RequireWal(database, directory);
            // A cache of 8 MB holds what is written again and again; many a commit walks all of it.
            database.Execute(
                """
                PRAGMA synchronous = FULL;
                PRAGMA journal_size_limit = 67108864;
                PRAGMA cache_size = -8192;
                PRAGMA foreign_keys = OFF;
                """
            );
            Schema.Migrate(database, directory.DatabasePath, time, logger);
            database.Execute("PRAGMA temp_store = MEMORY");
            database.TakeOverCheckpoints();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static void RequireWal(Database database, DataDirectory directory)
    {
        using var rows = database.Prepare("PRAGMA journal_mode = WAL").Query();
        if (!rows.Step() || rows.Text(0) != "wal")
        {
            throw new InvalidOperationException(
                $"The file system of {directory.Path} cannot hold a write-ahead log. Choose a directory on a local disk."
            );
        }
    }
}
