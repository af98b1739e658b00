using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>What the engine does about a log that does not end and a file that is damaged.</summary>
public sealed class StorageFaultTests
{
    private const long WalBytesMax = 2_000_000;

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task LongLog_AfterItsReaderIsGone_IsEmptiedThoughNothingIsWritten()
    {
        await using var harness = new EngineHarness(options =>
            options with
            {
                WalBytesMax = WalBytesMax,
            }
        );
        var endpoint = harness.NewEndpointId();
        using (var reader = Database.Open(harness.DatabasePath, true, TimeSpan.Zero))
        {
            reader.Execute("BEGIN");
            reader.ScalarInt64("SELECT COUNT(*) FROM events");
            for (var i = 0; i < 3; i++)
            {
                await harness.AppendAsync(endpoint, payloadBytes: 1_000_000);
            }

            harness.Time.Advance(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await harness.AppendAsync(endpoint)
            );
            Assert.InRange(WalBytes(harness), WalBytesMax, long.MaxValue);
        }

        await Until.HoldsAsync(
            async () =>
            {
                harness.Time.Advance(TimeSpan.FromSeconds(1));
                return await harness.Engine.CheckAsync(None) is null;
            },
            TimeSpan.FromSeconds(30),
            () => $"the log has {WalBytes(harness)} bytes"
        );
        Assert.InRange(WalBytes(harness), 0, WalBytesMax);
        await harness.AppendAsync(endpoint);
    }

    [Fact]
    public async Task DamagedPage_OnceMet_EndsIngestAndReadiness()
    {
        await using var harness = new EngineHarness();
        var endpoint = harness.NewEndpointId();
        var dues = await harness.AppendManyAsync(endpoint, 2000);
        // What is in the log would be read from there.
        await harness.CloseAsync();
        harness.Open();
        Damage.Overwrite(harness.DatabasePath);
        await Until.HoldsAsync(
            async () =>
            {
                foreach (var due in dues)
                {
                    await ReadAsync(harness, due);
                }

                return await harness.Engine.CheckAsync(None) is not null;
            },
            TimeSpan.FromSeconds(30),
            () => "no damage was met"
        );

        Assert.Contains("damaged", await harness.Engine.CheckAsync(None), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await harness.AppendAsync(endpoint)
        );
        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedPage_MetByAWrite_IsAnOutage()
    {
        await using var harness = new EngineHarness();
        var endpoint = harness.NewEndpointId();
        await harness.AppendManyAsync(endpoint, 2000);
        await harness.CloseAsync();
        harness.Open();
        Damage.Overwrite(harness.DatabasePath);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await harness.AppendAsync(endpoint)
        );
        // The guard would have refused that, had a reader met the damage first; this it lets through.
        var erasure = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await harness.Events.EraseAsync(harness.Tenant, 2000, None)
        );
        Assert.IsType<SqliteException>(erasure.InnerException);
    }

    [Fact]
    public async Task DamagedPage_MetByOneWriteOfABatch_FailsThatOneAsDamage()
    {
        await using var harness = new EngineHarness();
        Task<int> change;
        Task<DueDelivery> append;
        using (await harness.HoldWriterAsync())
        {
            change = harness.Engine.Writer.ChangeAsync(0, Meet, None);
            append = harness.AppendAsync(harness.NewEndpointId());
        }

        var damage = await Assert.ThrowsAsync<StoreUnavailableException>(() => change);
        Assert.True(damage.IsDamage);
        await append;

        static int Meet(WriteSession session, int state) =>
            throw session.Database.Error(SqliteNative.Corrupt);
    }

    private static async Task ReadAsync(EngineHarness harness, DueDelivery due)
    {
        try
        {
            await harness.Events.FindAsync(due.Key.TenantId, due.Key.EventId, None);
        }
        catch (StoreUnavailableException)
        {
            // As whoever asked is told.
        }
    }

    private static long WalBytes(EngineHarness harness) =>
        new FileInfo(harness.DatabasePath + "-wal").Length;
}
