using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>Alone: SQLite counts its memory for the whole process.</summary>
[Collection(AloneCollection.Name)]
public sealed class SchemaMemoryTests
{
    private const int Rows = 400_000;

    [Fact]
    public async Task Open_WithManyRowsToIndex_NeedsNoMemoryForThem()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "webhooks.db");
        FailedDeliveries.Make(path, Rows);
        SqliteMemory.MostBytes(reset: true);
        var before = SqliteMemory.MostBytes(reset: false);
        await SqliteEngine
            .Open(
                new SqliteEngineOptions { DataDirectory = directory.Path },
                new ManualTimeProvider(),
                NullLoggerFactory.Instance
            )
            .DisposeAsync();

        // Two caches of 8 MB; to sort so many rows in memory takes 40 MB.
        Assert.InRange(SqliteMemory.MostBytes(reset: true) - before, 0, 24_000_000);
        using var migrated = Database.Open(path, true, TimeSpan.Zero);
        Assert.Equal(
            Rows,
            migrated.ScalarInt64(
                "SELECT COUNT(*) FROM deliveries INDEXED BY deliveries_failed WHERE status = 1"
            )
        );
    }
}
