using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

public sealed class WriterTests : IAsyncDisposable
{
    private EngineHarness _harness = new();

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Append_ManyAtOnce_SharesCommits()
    {
        var endpoint = _harness.NewEndpointId();
        Task<DueDelivery>[] appends;
        var before = _harness.Engine.Commits;
        using (await _harness.HoldWriterAsync())
        {
            appends = [.. Enumerable.Range(0, 400).Select(_ => _harness.AppendAsync(endpoint))];
        }

        await Task.WhenAll(appends);
        Assert.InRange(_harness.Engine.Commits - before, 1, 3);
        Assert.Equal(401, _harness.Engine.Operations);
    }

    [Fact]
    public async Task Write_ThatFails_FailsAlone()
    {
        var endpoint = _harness.NewEndpointId();
        Task<DueDelivery> before;
        Task<int> failing;
        Task<DueDelivery> after;
        using (await _harness.HoldWriterAsync())
        {
            before = _harness.AppendAsync(endpoint);
            failing = _harness.Engine.Writer.ChangeAsync<int, int>(
                0,
                (session, _) =>
                {
                    session.Database.Execute("DELETE FROM events");
                    throw new InvalidOperationException("A bug.");
                },
                None
            );
            after = _harness.AppendAsync(endpoint);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        foreach (var due in new[] { await before, await after })
        {
            Assert.NotNull(
                await _harness.Events.FindAsync(due.Key.TenantId, due.Key.EventId, None)
            );
        }

        Assert.Null(_harness.Engine.Writer.Fault);
    }

    [Fact]
    public async Task Append_WhenTheChannelIsFull_IsRefusedWhileOutcomesWait()
    {
        await _harness.DisposeAsync();
        _harness = new EngineHarness(options => options with { WriterQueueMax = 4 });
        var endpoint = _harness.NewEndpointId();
        var due = await _harness.AppendAsync(endpoint);
        List<Task<DueDelivery>> appends = [];
        Task<bool> outcome;
        using (await _harness.HoldWriterAsync())
        {
            appends.AddRange(Enumerable.Range(0, 4).Select(_ => _harness.AppendAsync(endpoint)));
            await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                _harness.AppendAsync(endpoint)
            );
            outcome = _harness.DeliverAsync(due).AsTask();
            Assert.False(outcome.IsCompleted);
        }

        Assert.True(await outcome);
        await Task.WhenAll(appends);
    }

    [Fact]
    public async Task Append_WhenTooManyBytesWait_IsRefused()
    {
        await _harness.DisposeAsync();
        _harness = new EngineHarness(options => options with { WriterQueueBytesMax = 1000 });
        var endpoint = _harness.NewEndpointId();
        Task<DueDelivery> first;
        using (await _harness.HoldWriterAsync())
        {
            first = _harness.AppendAsync(endpoint, 900);
            await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                _harness.AppendAsync(endpoint, 200)
            );
        }

        await first;
        await _harness.AppendAsync(endpoint, 900);
    }

    [Fact]
    public async Task Append_WhenTheDiskIsFull_FailsWholeAndRecovers()
    {
        var endpoint = _harness.NewEndpointId();
        await _harness.AppendAsync(endpoint);
        await PagesMaxAsync(60);
        var stored = 1;
        var refused = 0;
        for (var i = 0; i < 40; i++)
        {
            try
            {
                await _harness.AppendAsync(endpoint, 10_000);
                stored++;
            }
            catch (StoreUnavailableException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0);
        Assert.NotNull(_harness.Engine.Writer.Fault);
        Assert.Equal(stored, await CountAsync("events"));
        Assert.Equal(stored, await CountAsync("deliveries"));

        await PagesMaxAsync(1_000_000);
        await _harness.AppendAsync(endpoint, 10_000);
        Assert.Null(_harness.Engine.Writer.Fault);
        Assert.Null(await _harness.Engine.CheckAsync(None));
    }

    [Fact]
    public async Task Write_WhenAnAppendDoesNotFit_StillTakesTheOutcomesOfItsBatch()
    {
        var endpoint = _harness.NewEndpointId();
        var due = await _harness.AppendAsync(endpoint);
        await PagesMaxAsync(60);
        Task<bool> outcome;
        Task<DueDelivery> append;
        using (await _harness.HoldWriterAsync())
        {
            append = _harness.AppendAsync(endpoint, 1_000_000);
            outcome = _harness.DeliverAsync(due).AsTask();
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => append);
        Assert.True(await outcome);
    }

    [Fact]
    public async Task Write_WhileAnotherProgramHasTheLock_FailsAndRecovers()
    {
        await _harness.DisposeAsync();
        _harness = new EngineHarness(options =>
            options with
            {
                BusyTimeout = TimeSpan.FromMilliseconds(50),
            }
        );
        var endpoint = _harness.NewEndpointId();
        var due = await _harness.AppendAsync(endpoint);
        using (var other = Database.Open(_harness.DatabasePath, false, TimeSpan.Zero))
        {
            other.Execute("BEGIN IMMEDIATE");
            await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                _harness.AppendAsync(endpoint)
            );
            await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await _harness.DeliverAsync(due)
            );
            Assert.Contains(
                "locked",
                await _harness.Engine.CheckAsync(None),
                StringComparison.Ordinal
            );
            Assert.NotNull(
                await _harness.Events.FindAsync(due.Key.TenantId, due.Key.EventId, None)
            );
            other.Execute("ROLLBACK");
        }

        await _harness.AppendAsync(endpoint);
        Assert.True(await _harness.DeliverAsync(due));
        Assert.Null(await _harness.Engine.CheckAsync(None));
    }

    [Fact]
    public async Task Append_OfACallerThatGivesUp_IsStoredAllTheSame()
    {
        var append = _harness.NewAppend(_harness.NewEndpointId());
        using var cancelled = new CancellationTokenSource();
        Task task;
        using (await _harness.HoldWriterAsync())
        {
            task = _harness.Events.AppendAsync(append, cancelled.Token).AsTask();
            await cancelled.CancelAsync();
        }

        await task;
        Assert.NotNull(
            await _harness.Events.FindAsync(append.Event.TenantId, append.Event.Id, None)
        );
    }

    [Fact]
    public async Task Append_WhenRoomIsShort_IsRefusedWhileOutcomesGoThrough()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        await _harness.CloseAsync();
        _harness.Options = _harness.Options with { DiskFreeBytesMin = long.MaxValue };
        _harness.Open();
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _harness.AppendAsync(due.Key.EndpointId)
        );
        Assert.NotNull(await _harness.Engine.CheckAsync(None));
        Assert.True(await _harness.DeliverAsync(due));
    }

    private Task<int> PagesMaxAsync(int pages) =>
        _harness.Engine.Writer.ChangeAsync(
            pages,
            (session, max) =>
            {
                session.Database.Execute($"PRAGMA max_page_count = {max}");
                return 0;
            },
            None
        );

    private Task<long> CountAsync(string table) =>
        _harness.Engine.Writer.ChangeAsync(
            table,
            (session, name) => session.Database.ScalarInt64($"SELECT count(*) FROM {name}"),
            None
        );
}
