using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A new master key, in the key file or by configuration, loses no secret: also if it is cut off.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MasterKeyRotationTests : IDisposable
{
    private const int Killed = 128 + 9;

    private readonly KeyedDirectory _directory = new();
    private readonly TemporaryDirectory _working = new();

    /// <summary>
    /// The system calls between which a rotation can be cut off, each by the file that it is about and by
    /// which of its kind it is: the draft is written but not durable; durable but not in place; in place,
    /// but perhaps not after a power cut, and no data key is wrapped anew. The directory is forced to the disk
    /// twice before that, as the database is opened and as the key file is read.
    /// </summary>
    private (string Calls, string Path, int Number)[] CuttingPoints =>
        [
            ("fsync", KeyFile + ".draft", 1),
            ("rename,renameat,renameat2", KeyFile + ".draft", 1),
            ("fsync", _directory.Path, 3),
        ];

    private string KeyFile => MasterKeyFile.PathIn(_directory.Path);

    [Fact]
    public async Task Rotate_KilledAtEveryStep_NeverLosesASecret()
    {
        Assert.SkipUnless(
            Programs.IsInstalled("strace"),
            "strace is missing: install it (Debian: apt-get install strace) to cut a rotation off between two steps."
        );
        await _directory.FillAsync();
        foreach (var (calls, path, number) in CuttingPoints)
        {
            string[] tracer =
            [
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-P",
                path,
                "-e",
                $"trace={calls}",
                "-e",
                $"inject={calls}:signal=KILL:when={number}",
            ];
            var cut = await RunAsync(tracer, "--old-key", "delete");
            Assert.True(cut.ExitCode == Killed, $"not killed at {calls} of {path}: {cut}");

            // Nothing of a key lies about for longer than until the next start; what there is opens all.
            Assert.Equal([KeyFile], Directory.GetFiles(_directory.Path, "master.key"));
            var lines = _directory.KeyText.Split('\n').Length - 1;
            Assert.Equal($"{lines}", await _directory.FindLinesAsync());
        }

        // The last one left both keys, and every data key under the old one: a start does the rest.
        Assert.Equal("2", await _directory.FindLinesAsync());
        await ServeOnceAsync([], "wrapped anew");
        Assert.Equal("1", await _directory.FindLinesAsync());

        var old = MasterKeyRing.Parse(_directory.KeyText)!;
        var done = await RunAsync([], "--old-key", "delete");
        Assert.True(done.ExitCode == 0, $"{done}");
        Assert.Single(_directory.KeyText.TrimEnd().Split('\n'));
        Assert.Equal("1", await _directory.FindLinesAsync());
        Assert.DoesNotContain(Convert.ToBase64String(old.Current.Span), _directory.KeyText);
        Assert.Equal([KeyFile], Directory.GetFiles(_directory.Path, "master.key*"));

        // The old key opens nothing any more.
        MasterKeyFile.Replace(_directory.Path, old);
        AssertRefused(await RunAsync([], "--old-key", "keep"), "master key is not the one");
    }

    [Fact]
    public async Task Rotate_Keeping_LeavesTheOldKeyForOlderBackups()
    {
        await _directory.FillAsync();
        var before = _directory.KeyText;
        var backup = Path.Combine(_working.Path, "webhooks.db");
        File.Copy(Path.Combine(_directory.Path, "webhooks.db"), backup);

        var done = await RunAsync([], "--old-key", "keep");
        Assert.True(done.ExitCode == 0, $"{done}");
        Assert.Contains("20 tenants", done.Output);
        Assert.EndsWith(before, _directory.KeyText, StringComparison.Ordinal);
        Assert.Equal("1", await _directory.FindLinesAsync());
        Assert.DoesNotContain(before.Trim(), done.Output + done.Errors);

        // Started on the older database, the server wraps anew what the old key wraps there.
        File.Copy(backup, Path.Combine(_directory.Path, "webhooks.db"), overwrite: true);
        Assert.Equal("2", await _directory.FindLinesAsync());
        await ServeOnceAsync([], "wrapped anew");
        Assert.Equal("1", await _directory.FindLinesAsync());
    }

    [Fact]
    public async Task Rotate_WhatCannotBe_IsRefusedAndChangesNothing()
    {
        await _directory.FillAsync();
        var before = _directory.KeyText;
        AssertRefused(await RunAsync([]), "--old-key");
        AssertRefused(
            await RunAsync([], Key(MasterKeyRing.Create()), "--old-key", "keep"),
            "Secrets:PreviousMasterKeys"
        );
        await using (var server = new Served(dataDirectory: _directory.Path))
        {
            await server.StartAsync();
            AssertRefused(await RunAsync([], "--old-key", "delete"), "in use by another process");
        }

        Assert.Equal(before, _directory.KeyText);
        File.Delete(KeyFile);
        AssertRefused(await RunAsync([], "--old-key", "delete"), "is missing");
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public async Task Serve_AnotherKeyConfiguredBesideThePrevious_WrapsAnewOnce()
    {
        var (old, current) = (MasterKeyRing.Create(), MasterKeyRing.Create());
        await _directory.FillAsync(old.Current);
        var settings = Key(current);
        settings["WebhookDelivery__Secrets__PreviousMasterKeys"] = old.Format().Trim();
        await ServeOnceAsync(settings, "data keys of 20 of 20 tenants were wrapped anew");
        Assert.Equal("1", await _directory.FindLinesAsync(current));

        // From a file, as service managers hand secrets over; the previous key is not needed any more.
        var file = Path.Combine(_working.Path, "key");
        await File.WriteAllTextAsync(file, current.Format());
        await ServeOnceAsync(
            new() { ["WebhookDelivery__Secrets__MasterKeyFile"] = file },
            "Ctrl-C stops it"
        );

        await using var refused = Start([], Key(old), "serve", "--urls", FreeUrl());
        Assert.Equal(2, await refused.WaitForExitAsync(Served.Patience));
        Assert.Contains("master key is not the one", refused.Errors);
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public async Task Serve_SomeDataKeysUnderAMissingKey_NamesTheirTenants()
    {
        var lost = MasterKeyRing.Create();
        await _directory.FillAsync();
        await _directory.AddAsync("zz-lost", lost.Current);
        await using var refused = Start([], [], "serve", "--urls", FreeUrl());
        Assert.Equal(2, await refused.WaitForExitAsync(Served.Patience));
        Assert.Contains("1 of 21 tenants", refused.Errors);
        Assert.Contains("(zz-lost)", refused.Errors);
        Assert.Contains("Secrets:PreviousMasterKeys", refused.Errors);
    }

    [Fact]
    public async Task RotateOnAws_BesideAServerThatKnowsBothKeys_WrapsAnewForAll()
    {
        var (old, current) = (MasterKeyRing.Create(), MasterKeyRing.Create());
        var settings = await OnEmulators.SettingsAsync();
        settings["Secrets__MasterKey"] = old.Format().Trim();
        settings["Secrets__PreviousMasterKeys"] = current.Format().Trim();
        await using var server = new Served(settings);
        await server.StartAsync();
        var key = await server.CreateTenantAsync("acme", new Uri("http://127.0.0.1:9/hook"));

        var next = new Dictionary<string, string>(server.Environment)
        {
            ["WebhookDelivery__Secrets__MasterKey"] = current.Format().Trim(),
            ["WebhookDelivery__Secrets__PreviousMasterKeys"] = old.Format().Trim(),
        };
        var done = await RunAsync([], next);
        Assert.True(done.ExitCode == 0, $"{done}");
        Assert.Contains("The data keys of 1 tenants", done.Output);
        Assert.Equal(200, (await server.GetAsync("/v1/endpoints", key)).Status);

        // Each key alone: the new one opens, the old one does not.
        next.Remove("WebhookDelivery__Secrets__PreviousMasterKeys");
        Assert.Equal(0, (await RunAsync([], next)).ExitCode);
        next["WebhookDelivery__Secrets__MasterKey"] = old.Format().Trim();
        AssertRefused(await RunAsync([], next), "correct WebhookDelivery:Secrets:MasterKey");
    }

    public void Dispose()
    {
        _directory.Dispose();
        _working.Dispose();
    }

    private static string FreeUrl() => $"http://127.0.0.1:{ServerProcess.FreePort()}";

    private static Dictionary<string, string> Key(MasterKeyRing keys) =>
        new() { ["WebhookDelivery__Secrets__MasterKey"] = keys.Format().Trim() };

    private static void AssertRefused(Ended ended, string words)
    {
        Assert.True(ended.ExitCode == 2, $"{ended}");
        Assert.Contains(words, ended.Errors);
        Assert.DoesNotContain("   at ", ended.Errors);
    }

    private async Task ServeOnceAsync(Dictionary<string, string> settings, string line)
    {
        await using var server = Start([], settings, "serve", "--urls", FreeUrl());
        await server.WaitForLineAsync(line, Served.Patience);
        await server.WaitForLineAsync("Ctrl-C stops it", Served.Patience);
        server.Signal(ServerProcess.Terminate);
        Assert.Equal(0, await server.WaitForExitAsync(Served.Patience));
    }

    private Task<Ended> RunAsync(string[] wrapper, params string[] arguments) =>
        RunAsync(wrapper, [], arguments);

    private async Task<Ended> RunAsync(
        string[] wrapper,
        Dictionary<string, string> settings,
        params string[] arguments
    )
    {
        await using var process = Start(wrapper, settings, ["rotate-master-key", .. arguments]);
        var exitCode = await process.WaitForExitAsync(Served.Patience);
        return new Ended(exitCode, process.Output, process.Errors);
    }

    private ServerProcess Start(
        string[] wrapper,
        Dictionary<string, string> settings,
        params string[] arguments
    ) =>
        ServerProcess.Start(
            Programs.Server,
            _working.Path,
            [.. arguments, "--data", _directory.Path],
            settings,
            wrapper
        );

    private sealed record Ended(int ExitCode, string Output, string Errors);
}
