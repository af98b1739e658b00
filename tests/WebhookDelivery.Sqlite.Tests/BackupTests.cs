using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>A backup is whole or not there, and takes nothing from the engine that runs.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken None => CancellationToken.None;

    private string Target => Path.Combine(_directory.Path, "backup.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Take_OfARunningEngine_IsAPlainFileOfItsOwnersAlone()
    {
        await using var harness = new EngineHarness();
        await harness.AppendManyAsync(harness.NewEndpointId(), 500);
        var report = Take(harness, _directory.Path);

        Assert.Matches(@"webhooks-\d{8}T\d{6}Z\.db$", report.Path);
        Assert.Equal(500, report.Summary.Events);
        Assert.Equal(500, report.Summary.Deliveries[DeliveryStatus.Pending]);
        Assert.Equal(Schema.Version, report.Summary.SchemaVersion);
        FileMode0600.Expect(report.Path);
        Assert.Empty(SqliteCheck.Run(report.Path, long.MaxValue, None).Faults);
        // Looking into it has left no log beside it.
        Assert.Equal([report.Path], Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task Take_OfAStoppedEngine_HasTheSame()
    {
        await using var harness = new EngineHarness();
        await harness.AppendManyAsync(harness.NewEndpointId(), 50);
        await harness.CloseAsync();
        Assert.Equal(50, Take(harness, Target).Summary.Events);
    }

    [Fact]
    public async Task Take_WhileALargeLogIsNotCheckpointed_HasWhatIsInTheLog()
    {
        await using var harness = new EngineHarness();
        using var reader = Database.Open(harness.DatabasePath, true, TimeSpan.Zero);
        reader.Execute("BEGIN");
        Assert.Equal(0, reader.ScalarInt64("SELECT COUNT(*) FROM events"));
        var endpoint = harness.NewEndpointId();
        for (var i = 0; i < 30; i++)
        {
            await harness.AppendAsync(endpoint, payloadBytes: 1_000_000);
        }

        Assert.InRange(
            new FileInfo(harness.DatabasePath + "-wal").Length,
            30_000_000,
            long.MaxValue
        );
        Assert.Equal(30, Take(harness, Target).Summary.Events);
    }

    [Fact]
    public async Task Take_OverAnExistingFile_IsRefusedUnlessAsked()
    {
        await using var harness = new EngineHarness();
        Take(harness, Target);
        var before = await File.ReadAllBytesAsync(Target, None);
        var refused = Assert.Throws<BackupException>(() => Take(harness, Target));
        Assert.Contains("--overwrite", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Target, None));
        await harness.AppendAsync(harness.NewEndpointId());
        var report = Take(harness, Target, asked => asked with { Overwrite = true });
        Assert.Equal(1, report.Summary.Events);
        Assert.Equal([Target], Directory.EnumerateFiles(_directory.Path));
    }

    [Theory]
    [InlineData("master.key", "precious, and longer than the header of a database")]
    [InlineData("lock", "")]
    public async Task Take_OverWhatIsNoDatabase_IsRefusedEvenIfAsked(string name, string content)
    {
        await using var harness = new EngineHarness();
        await harness.CloseAsync();
        var target = Path.Combine(harness.Options.DataDirectory, name);
        await File.WriteAllTextAsync(target, content, None);
        Assert.Throws<BackupException>(() =>
            Take(harness, target, asked => asked with { Overwrite = true })
        );
        Assert.Equal(content, await File.ReadAllTextAsync(target, None));
    }

    [Theory]
    [InlineData("webhooks.db")]
    [InlineData("webhooks.db-wal")]
    public async Task Take_OverALiveDatabase_IsRefusedEvenIfAsked(string name)
    {
        await using var harness = new EngineHarness();
        await harness.AppendAsync(harness.NewEndpointId());
        var live = Path.Combine(harness.Options.DataDirectory, name);
        Assert.Throws<BackupException>(() =>
            Take(harness, live, asked => asked with { Overwrite = true })
        );
        Assert.Equal(1, Take(harness, Target).Summary.Events);
    }

    [Fact]
    public async Task Take_Compacted_LeavesOutWhatWasFreed()
    {
        await using var harness = new EngineHarness();
        var endpoint = harness.NewEndpointId();
        for (var i = 0; i < 5; i++)
        {
            await harness.AppendAsync(endpoint, payloadBytes: 1_000_000);
        }

        await harness.Events.EraseAsync(harness.Tenant, 10, None);
        await harness.AppendAsync(endpoint);
        var whole = Take(harness, Target).Summary;
        Assert.InRange(whole.FreeBytes, 4_000_000, long.MaxValue);
        var compact = Take(harness, Target + "2", asked => asked with { Compact = true });
        Assert.Equal(0, compact.Summary.FreeBytes);
        Assert.InRange(new FileInfo(compact.Path).Length, 1, whole.Bytes - 4_000_000);
        Assert.Equal(1, compact.Summary.Events);
        FileMode0600.Expect(compact.Path);
        Assert.Equal(2, Directory.EnumerateFiles(_directory.Path).Count());
    }

    [Fact]
    public async Task Take_OfADamagedDatabase_SaysSoAndKeepsNothing()
    {
        await using var harness = new EngineHarness();
        await harness.AppendManyAsync(harness.NewEndpointId(), 2000);
        await harness.CloseAsync();
        Damage.Overwrite(harness.DatabasePath);
        Assert.Throws<DamagedDatabaseException>(() => Take(harness, Target));
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task Take_WhileTheLogGrowsTooLong_GivesUpAndKeepsNothing()
    {
        await using var harness = new EngineHarness();
        for (var i = 0; i < 10; i++)
        {
            await harness.AppendAsync(harness.NewEndpointId(), payloadBytes: 1_000_000);
        }

        var givenUp = Assert.Throws<BackupException>(() =>
            Take(harness, Target, asked => asked with { WalBytesMax = 100_000 })
        );
        Assert.Contains("write-ahead log", givenUp.Message, StringComparison.Ordinal);
        Assert.Contains("--wal-max-mb", givenUp.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task Take_Cancelled_KeepsNothing()
    {
        await using var harness = new EngineHarness();
        Assert.Throws<OperationCanceledException>(() =>
            SqliteBackup.Take(Request(harness, Target), _time, new CancellationToken(true))
        );
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Theory]
    [InlineData("webhooks-1.db")]
    [InlineData("today.sqlite")]
    public async Task Take_AfterOneThatWasKilled_DeletesWhatItLeftOnceItIsOld(string target)
    {
        await using var harness = new EngineHarness();
        var left = Draft.Create(Path.Combine(_directory.Path, target)).Path;
        Take(harness, Target);
        Assert.True(File.Exists(left));
        _time.Advance(TimeSpan.FromHours(13));
        Take(harness, Target + "2");
        Assert.False(File.Exists(left));
    }

    [Theory]
    [InlineData("film.db.y.partial")]
    [InlineData("film.db.17-ab.partial")]
    [InlineData("film.partial")]
    public async Task Take_BesidesOldPartsOfOtherPrograms_LeavesThem(string name)
    {
        await using var harness = new EngineHarness();
        var others = Path.Combine(_directory.Path, name);
        await File.WriteAllTextAsync(others, "half", None);
        _time.Advance(TimeSpan.FromHours(13));
        Take(harness, Target);
        Assert.True(File.Exists(others));
    }

    [Theory]
    [InlineData("no-such-directory/backup.db")]
    [InlineData("no-such-directory/")]
    public async Task Take_IntoNoDirectory_SaysSo(string target)
    {
        await using var harness = new EngineHarness();
        Assert.Throws<BackupException>(() => Take(harness, Path.Combine(_directory.Path, target)));
    }

    [Fact]
    public void Take_OfADirectoryWithoutDatabase_SaysSoAndMakesNone()
    {
        var refused = Assert.Throws<BackupException>(() =>
            SqliteBackup.Take(
                new BackupRequest { DataDirectory = _directory.Path, Target = Target },
                _time,
                None
            )
        );
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    private static BackupRequest Request(EngineHarness harness, string target) =>
        new() { DataDirectory = harness.Options.DataDirectory, Target = target };

    private BackupReport Take(
        EngineHarness harness,
        string target,
        Func<BackupRequest, BackupRequest>? configure = null
    )
    {
        var request = Request(harness, target);
        return SqliteBackup.Take(configure?.Invoke(request) ?? request, _time, None);
    }
}
