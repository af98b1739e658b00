using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Empties a write-ahead log that has grown too long. A commit does so too, but while new events are
/// refused there may be none: then the log would stay long after what held it up is gone. Thread-safe.
/// </summary>
internal sealed class WalReset(DataDirectory directory, ILogger logger) : IDisposable
{
    private readonly Lock _running = new();
    private int _asked;
    private bool _disposed;

    /// <summary>Asks for it and returns at once. While one is under way, does nothing.</summary>
    public void Ask()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Run(), this, preferLocal: false);
        }
    }

    /// <summary>Waits for one that is under way; none begins afterwards.</summary>
    public void Dispose()
    {
        lock (_running)
        {
            _disposed = true;
        }
    }

    private void Run()
    {
        lock (_running)
        {
            try
            {
                if (!_disposed)
                {
                    Empty();
                }
            }
            catch (SqliteException exception)
            {
                LostWrites.EndIfAny(exception.Code);
                Log.LogNotEmptied(logger, exception.Message);
            }
            finally
            {
                Volatile.Write(ref _asked, 0);
            }
        }
    }

    private void Empty()
    {
        // Never waiting: what holds the log up is asked about again within the second.
        using var database = Database.Open(directory.DatabasePath, readOnly: false, TimeSpan.Zero);
        // All but the last of it without keeping the writer from writing; then the rest, which does.
        database.Execute(
            "PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(PASSIVE); PRAGMA wal_checkpoint(TRUNCATE)"
        );
    }
}
