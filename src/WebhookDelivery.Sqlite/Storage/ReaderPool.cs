using System.Collections.Concurrent;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Read-only connections. A read runs synchronously on its caller's thread, as a local file's does;
/// only waiting for one of the bounded number of connections is asynchronous.
/// </summary>
internal sealed class ReaderPool(
    string path,
    int connectionsMax,
    TimeSpan busyTimeout,
    DamageReport? damage = null
) : IDisposable
{
    private readonly ConcurrentBag<Database> _idle = [];
    private readonly SemaphoreSlim _free = new(connectionsMax);
    private volatile bool _disposed;

    /// <summary>Runs a read over one unchanging state of the database.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read.</exception>
    public async ValueTask<TResult> ReadAsync<TState, TResult>(
        TState state,
        Func<Database, TState, TResult> read,
        CancellationToken cancellationToken
    )
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return Read(state, read);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the connections; those of reads under way close when these end.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var database))
        {
            database.Dispose();
        }
    }

    /// <summary>Opens a connection of the pool.</summary>
    private Database Open()
    {
        var database = Database.Open(path, readOnly: true, busyTimeout, damage);
        try
        {
            // Small: whatever has been committed since the last read, this one begins by emptying the
            // cache, which costs by its size; and the pages are in the system's cache anyway.
            database.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -256;");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void GiveBack(Database database)
    {
        _idle.Add(database);
        if (_disposed && _idle.TryTake(out var left))
        {
            left.Dispose();
        }
    }

    private TResult Read<TState, TResult>(TState state, Func<Database, TState, TResult> read)
    {
        Database? database = null;
        var healthy = false;
        try
        {
            database = _idle.TryTake(out var idle) ? idle : Open();
            database.Prepare("BEGIN").Run();
            var result = read(database, state);
            database.Prepare("COMMIT").Run();
            healthy = true;
            return result;
        }
        catch (SqliteException exception) when (exception.IsEnvironmental || exception.IsDamage)
        {
            throw new StoreUnavailableException(
                "The database cannot be read.",
                innerException: exception,
                isDamage: exception.IsDamage
            );
        }
        finally
        {
            if (healthy)
            {
                GiveBack(database!);
            }
            else
            {
                database?.Dispose();
            }
        }
    }
}
