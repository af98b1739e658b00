using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Sqlite;

/// <summary>The database's shape, as a list of steps forward; <c>user_version</c> counts those taken.</summary>
internal static class Schema
{
    /// <summary>The version from which on each step is recorded in the database.</summary>
    private const int HistoryVersion = 2;

    /// <summary>In order. To change the schema, add one at the end (tests/databases/README.md).</summary>
    private static readonly SchemaStep[] s_steps =
    [
        FirstTables.Step,
        HistoryTable.Step,
        FailedIndex.Step,
        LastAttempt.Step,
        EndpointVersions.Step,
        DeliverySources.Step,
        AttemptHeaders.Step,
        StatisticsTable.Step,
        ExternalIdIndex.Step,
        Recoveries.Step,
    ];

    private static readonly string s_program =
        typeof(Schema)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "unknown";

    /// <summary>The version that this code reads and writes.</summary>
    public static int Version => s_steps.Length;

    /// <summary>The version that a database has; 0 for an empty one.</summary>
    /// <exception cref="InvalidOperationException">The database is newer than this code.</exception>
    public static int Find(Database database, string path)
    {
        var found = database.ScalarInt64("PRAGMA user_version");
        return found <= Version
            ? (int)found
            : throw new InvalidOperationException(
                $"The database {path} has schema version {found}; this program knows versions up to {Version}. Start the newer program that wrote it, or restore a backup."
            );
    }

    /// <summary>
    /// Takes the steps that are missing, each in a transaction of its own. What a step sorts goes to
    /// temporary files, not to memory: leave <c>temp_store</c> at its default until afterwards.
    /// </summary>
    /// <param name="database">The writer's connection.</param>
    /// <param name="path">Its file.</param>
    /// <param name="time">For the record.</param>
    /// <param name="logger">Is told of each step that an existing database takes.</param>
    /// <param name="last">The version to stop at; tests make older databases by it.</param>
    /// <exception cref="InvalidOperationException">The database is newer than this code.</exception>
    public static void Migrate(
        Database database,
        string path,
        TimeProvider time,
        ILogger logger,
        int? last = null
    )
    {
        var found = Find(database, path);
        for (var version = found + 1; version <= (last ?? Version); version++)
        {
            if (found > 0)
            {
                Log.Migrating(logger, path, version, s_steps[version - 1].Purpose);
            }

            var began = Stopwatch.GetTimestamp();
            Take(database, version, time.GetUtcNow(), began);
            if (found > 0)
            {
                var took = Stopwatch.GetElapsedTime(began);
                Log.Migrated(logger, path, version, (long)took.TotalMilliseconds);
            }
        }
    }

    private static void Take(Database database, int version, DateTimeOffset now, long began)
    {
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            database.Execute(s_steps[version - 1].Sql);
            if (version >= HistoryVersion)
            {
                database
                    .Prepare("INSERT INTO schema_history VALUES (?1, ?2, ?3, ?4)")
                    .Bind(version)
                    .Bind(s_program)
                    .Bind(now.ToMs())
                    .Bind((long)Stopwatch.GetElapsedTime(began).TotalMilliseconds)
                    .Run();
            }

            database.Execute($"PRAGMA user_version = {version}");
            database.Execute("COMMIT");
        }
        catch when (database.InTransaction)
        {
            database.Execute("ROLLBACK");
            throw;
        }
    }
}
