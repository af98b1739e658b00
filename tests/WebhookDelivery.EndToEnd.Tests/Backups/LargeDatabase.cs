using SQLitePCL;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Makes databases of version 1 so large that what is done to them can be cut short.</summary>
internal static class LargeDatabase
{
    /// <summary>With so many megabytes of events that nobody gets.</summary>
    public static void MakeWithEvents(string dataDirectory, int megabytes)
    {
        EarlierDatabase.Read("version-1").Unpack(dataDirectory);
        AddEvents(dataDirectory, megabytes, tenant: 1);
    }

    /// <summary>Adds so many megabytes of a tenant's events to the database of a stopped server.</summary>
    public static void AddEvents(string dataDirectory, int megabytes, int tenant) =>
        Execute(
            dataDirectory,
            $"""
            PRAGMA synchronous = OFF;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {megabytes})
            INSERT INTO events (tenant, event_id, created_ms, routing_revision, source, payload)
            SELECT {tenant}, randomblob(16), 4000000000000, 1, 0, zeroblob(1000000) FROM n
            """
        );

    /// <summary>With so many deliveries that fail and are due long from now.</summary>
    public static void MakeWithFailedDeliveries(string dataDirectory, int count)
    {
        EarlierDatabase.Read("version-1").Unpack(dataDirectory);
        Execute(
            dataDirectory,
            $"""
            PRAGMA synchronous = OFF;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO deliveries
                (event_id, endpoint, tenant, status, generation, generation_attempts, attempts,
                 due_ms, updated_ms)
            SELECT randomblob(16), 1, 1, 1, 1, 1, 1, 4000000000000, 4000000000000 FROM n
            """
        );
    }

    /// <summary>The one number that a query of a stopped server's database gives.</summary>
    public static int Number(string dataDirectory, string sql)
    {
        using var database = Open(dataDirectory);
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(database, sql, out var statement));
        using (statement)
        {
            Assert.Equal(raw.SQLITE_ROW, raw.sqlite3_step(statement));
            return raw.sqlite3_column_int(statement, 0);
        }
    }

    /// <summary>Runs statements on the database of a server that is stopped.</summary>
    public static void Execute(string dataDirectory, string sql)
    {
        using var database = Open(dataDirectory);
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, sql));
    }

    private static sqlite3 Open(string dataDirectory)
    {
        Batteries_V2.Init();
        var path = Path.Combine(dataDirectory, "webhooks.db");
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var database));
        return database;
    }
}
