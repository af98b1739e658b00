using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What an operator does from a shell, where the server and its keys are as the guide has them.</summary>
[Collection(ProcessCollection.Name)]
public sealed class OperatorCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly KeyedDirectory _data = new();

    [Fact]
    public async Task AdminKey_PrintOnly_NeedsNoDatabaseAndIsAcceptedOnceConfigured()
    {
        var ended = await RunAsync("admin-key", "--print-only");
        Assert.True(ended.ExitCode == 0, $"{ended}");
        Assert.NotNull(ApiKeyToken.ReadOperatorKey(ended.Output.Trim(), DateTimeOffset.UnixEpoch));
        Assert.DoesNotContain("wha_", ended.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));

        var file = Path.Combine(_directory.Path, "admin.key");
        await File.WriteAllTextAsync(file, ended.Output);
        await using var server = Start(
            new() { ["WebhookDelivery__AdminKeyFile"] = file },
            "serve",
            "--urls",
            FreeUrl(),
            "--data",
            Path.Combine(_directory.Path, "data")
        );
        var line = await server.WaitForLineAsync("Ctrl-C stops it", Served.Patience);
        Assert.DoesNotContain("wha_", server.Transcript);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"{line.Split(" on ")[1].Split(',')[0]}/v1/tenants"
        );
        request.Headers.Add("Authorization", $"Bearer {ended.Output.Trim()}");
        using var answer = await http.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task AdminKey_MasterKeyKeptElsewhere_StillReplaces()
    {
        await _data.FillAsync();
        var key = MasterKeyFile.PathIn(_data.Path);
        File.Delete(key);
        var ended = await RunAsync("admin-key", "--data", _data.Path);
        Assert.True(ended.ExitCode == 0, $"{ended}");
        Assert.StartsWith("wha_", ended.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(key), "a key that opens nothing would be made");
    }

    [Fact]
    public async Task Commands_WatchNothingOfTheDirectoryTheyAreGivenIn()
    {
        Assert.SkipUnless(
            Programs.IsInstalled("strace"),
            "strace is missing: install it (Debian: apt-get install strace) to see what a command watches."
        );
        await _data.FillAsync();
        foreach (var command in new[] { "admin-key", "check" })
        {
            var trace = Path.Combine(_directory.Path, command);
            await using var process = ServerProcess.Start(
                Programs.Server,
                _directory.Path,
                [command, "--data", _data.Path],
                wrapper: ["strace", "-f", "-qq", "-e", "trace=inotify_add_watch", "-o", trace]
            );
            Assert.True(await process.WaitForExitAsync(Served.Patience) == 0, process.Transcript);
            Assert.DoesNotContain(
                _directory.Path,
                await File.ReadAllTextAsync(trace),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("nowhere")]
    public async Task Health_WhatIsNoUrl_IsSaidInALine(string url)
    {
        var ended = await RunAsync("health", "--url", url);
        Assert.True(ended.ExitCode == 2, $"{ended}");
        Assert.Contains("http://localhost:8080", ended.Errors);
        Assert.DoesNotContain("   at ", ended.Errors);
    }

    [Fact]
    public async Task Rotate_RingIsFull_DeletesAndSaysThatItCannotKeep()
    {
        await _data.FillAsync();
        var keys = MasterKeyRing.Parse(_data.KeyText)!;
        while (keys.Previous.Count < MasterKeyRing.KeysMax - 1)
        {
            keys = MasterKeyRing.Parse(keys.Format() + MasterKeyRing.Create().Format())!;
        }

        MasterKeyFile.Replace(_data.Path, keys);
        string[] rotate = ["rotate-master-key", "--data", _data.Path, "--old-key"];
        var keeping = await RunAsync([.. rotate, "keep"]);
        Assert.True(keeping.ExitCode == 2, $"{keeping}");
        Assert.Contains("16 master keys", keeping.Errors);

        var deleting = await RunAsync([.. rotate, "delete"]);
        Assert.True(deleting.ExitCode == 0, $"{deleting}");
        Assert.Single(_data.KeyText.TrimEnd().Split('\n'));
        Assert.Equal("1", await _data.FindLinesAsync());
    }

    [Fact]
    public async Task Serve_OldKeysThatNothingNeeds_AreNamedInTheLog()
    {
        await _data.FillAsync();
        var keys = MasterKeyRing.Parse(_data.KeyText)!;
        MasterKeyFile.Replace(
            _data.Path,
            MasterKeyRing.Parse(keys.Format() + MasterKeyRing.Create().Format())!
        );
        await using var server = Start([], "serve", "--urls", FreeUrl(), "--data", _data.Path);
        await server.WaitForLineAsync("Previous master keys at hand: 1", Served.Patience);
    }

    [Fact]
    public async Task Restore_TenantBeingErasedWhoseKeyIsLost_DoesNotStandInTheWay()
    {
        await _data.FillAsync();
        LargeDatabase.Execute(
            _data.Path,
            "UPDATE tenants SET data_key = zeroblob(60) WHERE deleted_ms IS NOT NULL"
        );
        var backup = Path.Combine(_directory.Path, "backup.db");
        var made = await RunAsync("backup", "--data", _data.Path, "--to", backup);
        Assert.True(made.ExitCode == 0, $"{made}");
        var elsewhere = Path.Combine(_directory.Path, "elsewhere");
        await using var restore = Start(
            new() { ["WebhookDelivery__Secrets__MasterKey"] = _data.KeyText.Trim() },
            "restore",
            "--from",
            backup,
            "--data",
            elsewhere
        );
        Assert.True(await restore.WaitForExitAsync(Served.Patience) == 0, restore.Transcript);
    }

    [Fact]
    public async Task Serve_FewDescriptors_SaysHowManyConnectionsItTakes()
    {
        await using var server = ServerProcess.Start(
            Programs.Server,
            _directory.Path,
            ["serve", "--urls", FreeUrl(), "--data", _data.Path],
            wrapper: ["sh", "-c", "ulimit -n 1024; exec \"$@\"", "sh"]
        );
        await server.WaitForLineAsync(
            "Connections to the API at once: 256, not 10000",
            Served.Patience
        );
    }

    public void Dispose()
    {
        _directory.Dispose();
        _data.Dispose();
    }

    private static string FreeUrl() => $"http://127.0.0.1:{ServerProcess.FreePort()}";

    private ServerProcess Start(
        Dictionary<string, string> environment,
        params string[] arguments
    ) => ServerProcess.Start(Programs.Server, _directory.Path, arguments, environment);

    private async Task<Ended> RunAsync(params string[] arguments)
    {
        await using var process = Start([], arguments);
        var exitCode = await process.WaitForExitAsync(Served.Patience);
        return new Ended(exitCode, process.Output, process.Errors);
    }

    private sealed record Ended(int ExitCode, string Output, string Errors);
}
