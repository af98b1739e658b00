using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>A restore changes nothing until it can be finished, and then leaves nothing mixed.</summary>
public sealed class RestoreTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly EngineHarness _harness = new();
    private readonly ManualTimeProvider _time = new();
    private readonly EndpointId _endpoint;

    public RestoreTests() => _endpoint = _harness.NewEndpointId();

    private static CancellationToken None => CancellationToken.None;

    private string Backup => Path.Combine(_directory.Path, "backup.db");

    private string Data => _harness.Options.DataDirectory;

    public async ValueTask InitializeAsync()
    {
        await _harness.AppendManyAsync(_endpoint, 100);
        SqliteBackup.Take(new BackupRequest { DataDirectory = Data, Target = Backup }, _time, None);
        await _harness.AppendManyAsync(_endpoint, 10);
    }

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Restore_IntoAnEmptyDirectory_GivesADatabaseThatDelivers()
    {
        await _harness.CloseAsync();
        File.Delete(_harness.DatabasePath);
        var report = Restore(replace: false);
        Assert.Null(report.KeptAside);
        FileMode0600.Expect(report.Path);
        _harness.Open();
        Assert.Equal(100, (await _harness.ReceiveAsync(200)).Count);
    }

    [Fact]
    public void Restore_IntoADirectoryInUse_IsRefused()
    {
        var refused = Assert.Throws<BackupException>(() => Restore(replace: true));
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OverADatabase_IsRefusedUnlessAsked()
    {
        await _harness.CloseAsync();
        var refused = Assert.Throws<BackupException>(() => Restore(replace: false));
        Assert.Contains("--force", refused.Message, StringComparison.Ordinal);
        _harness.Open();
        Assert.Equal(110, (await _harness.ReceiveAsync(200)).Count);
    }

    [Fact]
    public async Task Restore_OverADatabase_KeepsItWithItsLog()
    {
        using var killed = CopyWithLog();
        var report = Restore(replace: true, killed.Path);
        Assert.Equal(100, Count(report.Path));
        Assert.False(File.Exists(report.Path + "-wal"));
        Assert.Equal(110, Count(Path.Combine(report.KeptAside!, "webhooks.db")));
    }

    [Fact]
    public async Task Restore_OfADamagedBackup_IsRefusedAndChangesNothing()
    {
        await _harness.CloseAsync();
        Damage.Overwrite(Backup);
        Assert.Throws<DamagedDatabaseException>(() => Restore(replace: true));
        Assert.Equal(110, Count(_harness.DatabasePath));
        Assert.Empty(Directory.EnumerateFiles(Data, "*" + Draft.Suffix));
        _harness.Open();
    }

    [Fact]
    public async Task Restore_OfSomethingElse_IsRefused()
    {
        await _harness.CloseAsync();
        await File.WriteAllTextAsync(Backup, new string('x', 10_000), None);
        Assert.Throws<BackupException>(() => Restore(replace: true));
        Assert.Equal(110, Count(_harness.DatabasePath));
    }

    [Fact]
    public async Task Restore_NotCommitted_ChangesNothingAndLetsGo()
    {
        await _harness.CloseAsync();
        using (var restore = SqliteRestore.Begin(Backup, Data, replace: true, None))
        {
            Assert.Equal(100, restore.Summary.Events);
            Assert.Throws<InvalidOperationException>(_harness.Open);
        }

        Assert.Equal(110, Count(_harness.DatabasePath));
        _harness.Open();
    }

    /// <summary>The moments between putting aside and putting in place.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_AfterARestoreThatEndedInTheMiddle_IsRefusedUntilItIsRepeated(bool aside)
    {
        await _harness.CloseAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, "restore-unfinished"), "", None);
        if (aside)
        {
            File.Delete(_harness.DatabasePath);
        }

        var refused = Assert.Throws<InvalidOperationException>(_harness.Open);
        Assert.Contains("restore", refused.Message, StringComparison.Ordinal);
        Restore(replace: false);
        _harness.Open();
        Assert.Equal(100, (await _harness.ReceiveAsync(200)).Count);
    }

    [Fact]
    public async Task Restore_RepeatedAfterOneThatEndedWhilePuttingAside_KeepsAllInOneFolder()
    {
        using var killed = CopyWithLog();
        var aside = Path.Combine(killed.Path, $"replaced-{Guid.NewGuid():n}");
        Directory.CreateDirectory(aside);
        await MarkAsync(killed.Path, aside);
        File.Move(Path.Combine(killed.Path, "webhooks.db"), Path.Combine(aside, "webhooks.db"));

        var report = Restore(replace: false, killed.Path);
        Assert.Equal(100, Count(report.Path));
        Assert.Equal(aside, report.KeptAside);
        Assert.Equal(110, Count(Path.Combine(aside, "webhooks.db")));
        Assert.Equal([aside], Directory.EnumerateDirectories(killed.Path));
    }

    [Fact]
    public async Task Restore_RepeatedAfterOneThatEndedBeforeItWasInPlace_SaysWhereTheOldOneIs()
    {
        using var killed = CopyWithLog();
        var kept = Restore(replace: true, killed.Path).KeptAside!;
        File.Delete(Path.Combine(killed.Path, "webhooks.db"));
        await MarkAsync(killed.Path, kept);

        Assert.Equal(kept, Restore(replace: false, killed.Path).KeptAside);
        Assert.Equal(110, Count(Path.Combine(kept, "webhooks.db")));
    }

    [Fact]
    public async Task Restore_RepeatedAfterOneThatWasInPlace_MixesNothing()
    {
        using var killed = CopyWithLog();
        var kept = Restore(replace: true, killed.Path).KeptAside!;
        await MarkAsync(killed.Path, kept);
        _time.Advance(TimeSpan.FromSeconds(1));

        var report = Restore(replace: false, killed.Path);
        Assert.NotEqual(kept, report.KeptAside);
        Assert.Equal(110, Count(Path.Combine(kept, "webhooks.db")));
        Assert.Equal(100, Count(Path.Combine(report.KeptAside!, "webhooks.db")));
    }

    private static Task MarkAsync(string directory, string aside) =>
        File.WriteAllTextAsync(
            Path.Combine(directory, "restore-unfinished"),
            Path.GetFileName(aside),
            None
        );

    /// <summary>What a killed server leaves: a database with its log.</summary>
    private TemporaryDirectory CopyWithLog()
    {
        var killed = new TemporaryDirectory();
        foreach (var ending in new[] { "", "-wal" })
        {
            File.Copy(
                _harness.DatabasePath + ending,
                Path.Combine(killed.Path, "webhooks.db" + ending)
            );
        }

        return killed;
    }

    private RestoreReport Restore(bool replace, string? directory = null)
    {
        using var restore = SqliteRestore.Begin(Backup, directory ?? Data, replace, None);
        return restore.Commit(_time.GetUtcNow());
    }

    private static long Count(string path)
    {
        using var database = Database.Open(path, true, TimeSpan.Zero);
        return database.ScalarInt64("SELECT COUNT(*) FROM events");
    }
}
