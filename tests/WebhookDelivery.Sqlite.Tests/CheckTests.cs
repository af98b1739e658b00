using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>A check finds what a program that is not ours, or a disk, has done to a database.</summary>
public sealed class CheckTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Run_OnARunningEngine_FindsNothing()
    {
        await using var harness = new EngineHarness();
        await FillAsync(harness);
        Assert.Empty(Check(harness).Faults);
    }

    [Theory]
    [InlineData("UPDATE deliveries SET due_ms = NULL", "no due time")]
    [InlineData("UPDATE deliveries SET status = 5", "have a due time")]
    [InlineData("UPDATE deliveries SET status = 6, due_ms = NULL", "does not exist")]
    [InlineData("UPDATE deliveries SET generation = 0", "wrongly")]
    [InlineData("DELETE FROM events", "deliveries have no event")]
    [InlineData("DELETE FROM endpoint_refs", "not their tenant's")]
    [InlineData(
        """
            INSERT INTO attempts (event_id, started_ms, recorded, endpoint, generation, number,
                endpoint_version, reason, duration_us)
            VALUES (x'00', 1, 1, 1, 1, 1, 1, 1, 1)
            """,
        "attempts have no delivery"
    )]
    [InlineData("DELETE FROM tenant_refs", "events have no tenant")]
    [InlineData("UPDATE events SET event_id = x'00' WHERE seq = 1", "id that is none")]
    [InlineData("UPDATE endpoint_refs SET tenant = 99", "references to endpoints")]
    [InlineData(
        """
            INSERT INTO endpoints (tenant, endpoint, version, backlog_action, document)
            VALUES ('x', x'00', 1, 0, x'')
            """,
        "endpoints have"
    )]
    [InlineData("INSERT INTO api_keys VALUES ('x', 0, 'x', 0, NULL, x'', NULL)", "API keys")]
    [InlineData(
        "INSERT INTO statistics VALUES (1, 0, 1, 0, 0, 0, 0, 0, 0, x'', x'')",
        "no whole hour"
    )]
    [InlineData(
        "INSERT INTO statistics VALUES (1, 99, 0, 0, 0, 0, 0, 0, 0, x'', x'')",
        "another's endpoint"
    )]
    [InlineData("INSERT INTO idempotency_keys VALUES (1, 'x', 0, x'', x'', x'')", "no answer")]
    public async Task Run_WhereSomethingDoesNotHold_SaysWhat(string sql, string fault)
    {
        await using var harness = new EngineHarness();
        await FillAsync(harness);
        await harness.CloseAsync();
        using (var database = Database.Open(harness.DatabasePath, false, TimeSpan.Zero))
        {
            database.Execute(sql);
        }

        Assert.Contains(
            Check(harness).Faults,
            found => found.Contains(fault, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Run_OnADamagedFile_SaysSo()
    {
        await using var harness = new EngineHarness();
        await harness.AppendManyAsync(harness.NewEndpointId(), 2000);
        await harness.CloseAsync();
        Damage.Overwrite(harness.DatabasePath);
        Assert.NotEmpty(Check(harness).Faults);
    }

    [Fact]
    public async Task Run_WhileTheLogIsTooLong_GivesUp()
    {
        await using var harness = new EngineHarness();
        await FillAsync(harness);
        var givenUp = Assert.Throws<BackupException>(() =>
            SqliteCheck.Run(harness.DatabasePath, walBytesMax: 1, None)
        );
        Assert.Contains("write-ahead log", givenUp.Message, StringComparison.Ordinal);
        // What it advises is something that this command can do.
        Assert.Contains("--file", givenUp.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--wal-max-mb", givenUp.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guard_OnceTheLogIsTooLong_InterruptsWhatRuns()
    {
        await using var harness = new EngineHarness();
        using var database = Database.Open(harness.DatabasePath, true, TimeSpan.Zero);
        using var guard = new WalWatch(harness.DatabasePath + "-wal", bytesMax: 1, cure: "").Guard(
            database
        );
        var interrupted = Assert.Throws<SqliteException>(() =>
            database.ScalarInt64(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
            )
        );
        Assert.Equal(SqliteNative.Interrupted, interrupted.Code & 0xff);
    }

    private static CheckReport Check(EngineHarness harness) =>
        SqliteCheck.Run(harness.DatabasePath, long.MaxValue, None);

    private static async Task FillAsync(EngineHarness harness)
    {
        var endpoint = harness.NewEndpointId();
        await harness.FailAsync(await harness.AppendAsync(endpoint), harness.Now);
        await harness.AppendAsync(endpoint);
    }
}
