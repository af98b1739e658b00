using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Remembers that SQLite met a damaged page, and says so once. What is stored can still be delivered
/// as far as it can be read; to accept more into such a file would be to promise what may not be kept.
/// Thread-safe.
/// </summary>
internal sealed class DamageReport(ILogger logger)
{
    private string? _found;

    /// <summary>What was met first, for the operator; null if nothing was.</summary>
    public string? Found => Volatile.Read(ref _found);

    /// <summary>Takes note of a failure, if it is of that kind.</summary>
    public void Note(SqliteException exception)
    {
        if (
            exception.IsDamage
            && Interlocked.CompareExchange(
                ref _found,
                $"The database is damaged: {exception.Message}",
                null
            )
                is null
        )
        {
            Log.Damaged(logger, exception.Message);
        }
    }
}
