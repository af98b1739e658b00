using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What stands in the way of <c>backup</c>, <c>restore</c> and <c>check</c>, and how they end.</summary>
[Collection(ProcessCollection.Name)]
public sealed class BackupFaultTests(ITestOutputHelper output) : IDisposable
{
    private const string Partial = "*.partial";

    private readonly TemporaryDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    private string Target => Path.Combine(_directory.Path, "backup.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Backup_Killed_LeavesNothingUnderItsNameAndCanBeRepeated()
    {
        LargeDatabase.MakeWithEvents(Data, megabytes: 120);
        await using (var killed = Start([]))
        {
            await Until.HoldsAsync(
                () =>
                    ValueTask.FromResult(
                        Directory.EnumerateFiles(_directory.Path, Partial).Any() || killed.HasExited
                    ),
                Served.Patience,
                () => killed.Transcript
            );
            await killed.KillAsync();
        }

        Assert.False(File.Exists(Target));
        Assert.Single(Directory.EnumerateFiles(_directory.Path, Partial));
        var (printed, _) = await RunAsync(0, "backup", "--data", Data, "--to", Target);
        Assert.StartsWith(Target, printed, StringComparison.Ordinal);
        await RunAsync(0, "check", "--file", Target);
    }

    /// <summary>Beyond a file size writes fail, which every user may set, as on a disk that is full.</summary>
    [Fact]
    public async Task Backup_TargetCannotBeWritten_SaysSoAndLeavesNothing()
    {
        LargeDatabase.MakeWithEvents(Data, megabytes: 40);
        // In units of 512 bytes: 10 MB.
        await using var process = Start([
            "sh",
            "-c",
            "trap '' XFSZ; ulimit -f 20000; exec \"$@\"",
            "sh",
        ]);
        Assert.Equal(2, await process.WaitForExitAsync(Served.Patience));
        Assert.Contains("Copying to", process.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task Backup_OntoADiskWithoutRoom_IsRefusedBeforeItBegins()
    {
        using var disk = await SmallDisk.TryMountAsync(192);
        if (disk is null)
        {
            // Only root may mount. The test of failing writes shows what happens without the refusal.
            output.WriteLine("No disk could be mounted here: only failing writes were tested.");
            return;
        }

        LargeDatabase.MakeWithEvents(Data, megabytes: 100);
        var (_, errors) = await RunAsync(2, "backup", "--data", Data, "--to", disk.Path);
        Assert.Contains("the backup needs", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(disk.Path));
    }

    [Fact]
    public async Task Commands_OnWhatAnOperatorCanMend_EndWith2AndAWord()
    {
        EarlierDatabase.Read("version-1").Unpack(Data);
        await RunAsync(0, "backup", "--data", Data, "--to", Target);
        var missing = Path.Combine(_directory.Path, "missing");

        Assert.Contains(
            "--overwrite",
            (await RunAsync(2, "backup", "--data", Data, "--to", Target)).Errors,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no database",
            (await RunAsync(2, "backup", "--data", missing, "--to", Target + "2")).Errors,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "--force",
            (await RunAsync(2, "restore", "--from", Target, "--data", Data)).Errors,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no file",
            (await RunAsync(2, "check", "--file", missing)).Errors,
            StringComparison.Ordinal
        );
        LargeDatabase.Execute(Data, "PRAGMA user_version = 99");
        Assert.Contains(
            "99",
            (await RunAsync(2, "serve", "--data", Data)).Errors,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task Restore_WithAnotherMasterKey_IsRefusedAndNamesTheTenants()
    {
        var earlier = EarlierDatabase.Read("version-1");
        earlier.Unpack(Data);
        await RunAsync(0, "backup", "--data", Data, "--to", Target);
        var elsewhere = Path.Combine(_directory.Path, "elsewhere");
        string[] restore = ["restore", "--from", Target, "--data", elsewhere];

        var another = Convert.ToBase64String(new byte[32]);
        var (_, errors) = await ServerCommand.RunAsync(2, MasterKey(another), restore);
        Assert.Contains("0 of 3 tenants, not those of acme", errors, StringComparison.Ordinal);
        Assert.Equal(["lock"], Directory.EnumerateFiles(elsewhere).Select(Path.GetFileName));

        var (_, none) = await ServerCommand.RunAsync(0, MasterKey(earlier.MasterKey), restore);
        Assert.Empty(none);
    }

    [Fact]
    public async Task Check_OfAFaultyDatabase_EndsWith1AndSaysWhat()
    {
        EarlierDatabase.Read("version-1").Unpack(Data);
        await RunAsync(0, "check", "--data", Data);
        LargeDatabase.Execute(Data, "UPDATE deliveries SET due_ms = NULL WHERE status = 1");
        var (_, errors) = await RunAsync(1, "check", "--data", Data);
        Assert.Contains("6 open deliveries have no due time", errors, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> MasterKey(string key) =>
        new(StringComparer.Ordinal) { ["WebhookDelivery__Secrets__MasterKey"] = key };

    private static Task<(string Output, string Errors)> RunAsync(
        int exitCode,
        params string[] arguments
    ) => ServerCommand.RunAsync(exitCode, null, arguments);

    private ServerProcess Start(IReadOnlyList<string> wrapper) =>
        ServerCommand.Start(null, wrapper, "backup", "--data", Data, "--to", Target);
}
