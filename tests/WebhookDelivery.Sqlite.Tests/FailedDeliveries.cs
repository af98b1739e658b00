using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>Makes a database of version 1 in which every delivery is failing.</summary>
internal static class FailedDeliveries
{
    public static void Make(string path, int count)
    {
        using var database = Database.Open(path, false, TimeSpan.Zero);
        Schema.Migrate(database, path, new ManualTimeProvider(), NullLogger.Instance, last: 1);
        database.Execute(
            $"""
            PRAGMA synchronous = OFF;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO deliveries
                (event_id, endpoint, tenant, status, generation, generation_attempts, attempts,
                 due_ms, updated_ms)
            SELECT randomblob(16), 1, 1, 1, 1, 1, 1, 4000000000000, 0 FROM n;
            """
        );
    }
}
