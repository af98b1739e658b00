using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

public sealed class SqliteEngineTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Open_Again_FindsWhatWasStored()
    {
        await using var harness = new EngineHarness();
        var due = await harness.AppendAsync(harness.NewEndpointId());
        Assert.True(await harness.FailAsync(due, harness.Now));
        await harness.CloseAsync();
        harness.Open();

        var stored = await harness.Events.FindAsync(due.Key.TenantId, due.Key.EventId, None);
        Assert.Equal(DeliveryStatus.Failed, Assert.Single(stored!.Deliveries).Status);
        var claim = Assert.Single(await harness.ReceiveAsync(10));
        Assert.Equal(2, claim.Due.Attempt);
        // The clock stood still: recording the same moment again must not collide.
        Assert.True(await harness.FailAsync(claim.Due, harness.Now));
        Assert.Equal(
            [1, 2],
            (await harness.Events.ListAttemptsAsync(harness.Tenant, due.Key.EventId, None)).Select(
                attempt => attempt.Number
            )
        );
    }

    [Fact]
    public async Task Open_ADirectoryInUse_SaysSo()
    {
        await using var harness = new EngineHarness();
        var exception = Assert.Throws<InvalidOperationException>(harness.Open);
        Assert.Contains(harness.Options.DataDirectory, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ADatabaseOfANewerProgram_IsRefusedAndLeftAlone()
    {
        await using var harness = new EngineHarness();
        await harness.CloseAsync();
        Execute(harness, "PRAGMA user_version = 99");
        var exception = Assert.Throws<InvalidOperationException>(harness.Open);
        Assert.Contains("99", exception.Message, StringComparison.Ordinal);
        Execute(harness, $"PRAGMA user_version = {Schema.Version}");
        harness.Open();
    }

    [Fact]
    public async Task Open_ANewDirectory_MigratesToTheLastVersion()
    {
        await using var harness = new EngineHarness();
        using var database = Database.Open(harness.DatabasePath, true, TimeSpan.Zero);
        Assert.Equal(Schema.Version, database.ScalarInt64("PRAGMA user_version"));
    }

    [Fact]
    public async Task Open_Always_SyncsEveryCommit()
    {
        await using var harness = new EngineHarness();
        const long Full = 2;
        var synchronous = await harness.Engine.Writer.ChangeAsync(
            0,
            (session, _) => session.Database.ScalarInt64("PRAGMA synchronous"),
            None
        );
        Assert.Equal(Full, synchronous);
    }

    [Fact]
    public async Task Open_AFileThatIsNoDatabase_IsUnavailableAndLetsGoOfTheDirectory()
    {
        await using var harness = new EngineHarness();
        await harness.CloseAsync();
        await File.WriteAllTextAsync(harness.DatabasePath, new string('x', 10_000), None);
        Assert.Throws<StoreUnavailableException>(harness.Open);
        File.Delete(harness.DatabasePath);
        harness.Open();
    }

    [Fact]
    public void Open_WithOptionsOutOfBounds_NamesThemAll()
    {
        var options = new SqliteEngineOptions
        {
            DataDirectory = " ",
            WriterQueueMax = 0,
            ReadersMax = 0,
        };
        var exception = Assert.Throws<ArgumentException>(() =>
            new ServiceCollection().AddSqliteEngine(options)
        );
        Assert.Contains("DataDirectory", exception.Message, StringComparison.Ordinal);
        Assert.Contains("WriterQueueMax", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ReadersMax", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AfterClosing_IsUnavailable()
    {
        await using var harness = new EngineHarness();
        var events = harness.Events;
        var append = harness.NewAppend(harness.NewEndpointId());
        await harness.CloseAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await events.AppendAsync(append, None)
        );
    }

    [Fact]
    public async Task AddSqliteEngine_ResolvesThePortsOfOneEngine()
    {
        using var directory = new TemporaryDirectory();
        var services = new ServiceCollection().AddSqliteEngine(
            new SqliteEngineOptions { DataDirectory = directory.Path }
        );
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<SqliteEngine>();
        Assert.Same(engine.EventStore, provider.GetRequiredService<IEventStore>());
        Assert.Same(engine.TenantStore, provider.GetRequiredService<ITenantStore>());
        Assert.Same(engine.DeliveryQueue, provider.GetRequiredService<IDeliveryQueue>());
    }

    [Fact]
    public async Task List_WithAFilterThatFitsNothing_LooksAtABoundedNumberPerPage()
    {
        await using var harness = new EngineHarness();
        var endpoint = harness.NewEndpointId();
        await harness.AppendManyAsync(endpoint, EventLists.ExaminedMax + 10);
        var query = new EventQuery
        {
            TenantId = harness.Tenant,
            Type = "no.such",
            Limit = 10,
        };
        var first = await harness.Events.ListAsync(query, None);
        Assert.Empty(first.Events);
        Assert.NotNull(first.Next);
        var second = await harness.Events.ListAsync(query with { Before = first.Next }, None);
        Assert.Empty(second.Events);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task DeleteExpired_BehindManyOpenOnes_GetsThere()
    {
        await using var harness = new EngineHarness();
        await harness.AppendManyAsync(harness.NewEndpointId(), 2500);
        var done = await harness.AppendAsync(harness.NewEndpointId());
        Assert.True(await harness.DeliverAsync(done));
        harness.Time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(
            1,
            await harness.Events.DeleteExpiredAsync(Retention.Default, harness.Now, 10, None)
        );
        Assert.Equal(
            0,
            await harness.Events.DeleteExpiredAsync(Retention.Default, harness.Now, 10, None)
        );
        Assert.Null(await harness.Events.FindAsync(harness.Tenant, done.Key.EventId, None));
    }

    [Fact]
    public async Task DeleteExpired_BehindAnEventOfAWrongClock_GetsThere()
    {
        await using var harness = new EngineHarness();
        var now = harness.Now;
        harness.Time.SetUtcNow(now.AddYears(1));
        await harness.AppendAsync(harness.NewEndpointId());
        harness.Time.SetUtcNow(now);
        var done = await harness.AppendAsync(harness.NewEndpointId());
        Assert.True(await harness.DeliverAsync(done));
        harness.Time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(
            1,
            await harness.Events.DeleteExpiredAsync(Retention.Default, harness.Now, 10, None)
        );
    }

    private static void Execute(EngineHarness harness, string sql)
    {
        using var database = Database.Open(harness.DatabasePath, false, TimeSpan.Zero);
        database.Execute(sql);
    }
}
