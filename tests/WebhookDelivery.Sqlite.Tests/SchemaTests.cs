using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>Databases of every version come to be what a new one is, whatever happens on the way.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Earlier => [.. EarlierDatabase.Names];

    private string DatabasePath => Path.Combine(_directory.Path, "webhooks.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Earlier_EveryVersionBeforeTheLast_IsKept() =>
        Assert.Contains(
            1,
            EarlierDatabase.Names.Select(name => EarlierDatabase.Read(name).Version)
        );

    [Theory]
    [MemberData(nameof(Earlier))]
    public async Task Open_AnEarlierDatabase_HasTheSchemaOfANewOne(string name)
    {
        await using var @new = new EngineHarness();
        await @new.CloseAsync();
        EarlierDatabase.Read(name).Unpack(_directory.Path);
        await OpenAndCloseAsync();

        Assert.Equal(SchemaOf(@new.DatabasePath), SchemaOf(DatabasePath));
        using var migrated = Open(DatabasePath);
        Assert.Equal(Schema.Version, migrated.ScalarInt64("PRAGMA user_version"));
        Assert.Empty(DatabaseFile.Faults(migrated, "PRAGMA integrity_check"));
        Assert.Empty(Invariants.Broken(migrated));
    }

    [Fact]
    public async Task Migrate_StepByStep_RecordsEachWithProgramAndTime()
    {
        EarlierDatabase.Read("version-1").Unpack(_directory.Path);
        await OpenAndCloseAsync();
        using var database = Open(DatabasePath);
        using var rows = database
            .Prepare("SELECT version, program, migrated_ms FROM schema_history ORDER BY version")
            .Query();
        for (var version = 2; version <= Schema.Version; version++)
        {
            Assert.True(rows.Step());
            Assert.Equal(version, rows.Int32(0));
            Assert.Matches(@"^\d+\.\d+", rows.Text(1));
            Assert.Equal(new ManualTimeProvider().GetUtcNow(), rows.Time(2));
        }

        Assert.False(rows.Step());
    }

    /// <summary>
    /// What a killed process leaves: the files as they are in the midst of a step. The cache is small,
    /// so that part of the step stands in the log already.
    /// </summary>
    [Fact]
    public async Task Open_AfterAStepWasCutShort_TakesItAnew()
    {
        using var killed = new TemporaryDirectory();
        FailedDeliveries.Make(DatabasePath, 20_000);
        using (var database = Database.Open(DatabasePath, false, TimeSpan.Zero))
        {
            database.Execute("PRAGMA journal_mode = WAL; PRAGMA cache_size = 10; BEGIN IMMEDIATE");
            database.Execute(HistoryTable.Step.Sql);
            database.Execute(FailedIndex.Step.Sql);
            database.Execute("PRAGMA user_version = 3; UPDATE deliveries SET attempts = 99");
            foreach (var ending in new[] { "", "-wal" })
            {
                File.Copy(DatabasePath + ending, Path.Combine(killed.Path, "webhooks.db" + ending));
            }

            database.Execute("ROLLBACK");
        }

        var copy = Path.Combine(killed.Path, "webhooks.db");
        Assert.InRange(new FileInfo(copy + "-wal").Length, 100_000, long.MaxValue);
        await OpenAndCloseAsync(killed.Path);
        using var recovered = Open(copy);
        Assert.Equal(Schema.Version, recovered.ScalarInt64("PRAGMA user_version"));
        Assert.Equal(20_000, recovered.ScalarInt64("SELECT COUNT(*) FROM deliveries"));
        Assert.Equal(
            0,
            recovered.ScalarInt64("SELECT COUNT(*) FROM deliveries WHERE attempts > 1")
        );
        Assert.Empty(DatabaseFile.Faults(recovered, "PRAGMA integrity_check"));
    }

    private async Task OpenAndCloseAsync(string? directory = null) =>
        await SqliteEngine
            .Open(
                new SqliteEngineOptions { DataDirectory = directory ?? _directory.Path },
                new ManualTimeProvider(),
                NullLoggerFactory.Instance
            )
            .DisposeAsync();

    private static Database Open(string path) => Database.Open(path, true, TimeSpan.Zero);

    private static List<string> SchemaOf(string path)
    {
        var found = new List<string>();
        using var database = Open(path);
        using var rows = database
            .Prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema")
            .Query();
        while (rows.Step())
        {
            found.Add(rows.Text(0));
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
