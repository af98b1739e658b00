using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What the machine does to the database: no room, another program's lock.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StoreFaultTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["Delivery__RetrySchedule"] = string.Join(',', Enumerable.Repeat("200ms", 20)),
    };

    /// <summary>
    /// Writes fail beyond a file size, which every user may set on every machine. The signal that
    /// would end the process is ignored, as a full disk sends none.
    /// </summary>
    [Fact]
    public async Task Serve_WritesFail_Answers503AndRecoversByItself()
    {
        await using var server = new Served(s_settings);
        await server.StartAsync("sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh");
        await using var traffic = await Traffic.CreateAsync(server, 2, failEvery: 5);
        traffic.Start(posters: 4);
        await WaitForAcceptedAsync(traffic, 100);

        traffic.Hold();
        await LimitFileSizeAsync(server, "4096");
        await ExpectRefusalAsync(server, traffic, "Writes fail");
        await EndAttemptsAsync(server, traffic);
        await LimitFileSizeAsync(server, "resource.RLIM_INFINITY");
        await ExpectRecoveryAsync(server, traffic);
    }

    [Fact]
    public async Task Serve_DatabaseLockedByAnotherProgram_Answers503AndRecoversByItself()
    {
        await using var server = new Served(s_settings);
        await server.StartAsync();
        await using var traffic = await Traffic.CreateAsync(server, 2, failEvery: 5);
        traffic.Start(posters: 4);
        await WaitForAcceptedAsync(traffic, 100);

        using (var locker = await LockAsync(Path.Combine(server.DataDirectory, "webhooks.db")))
        {
            traffic.Hold();
            await ExpectRefusalAsync(server, traffic, "database is locked");
            await EndAttemptsAsync(server, traffic);
            // Another program's write lock is no obstacle to reading.
            var read = await server.GetAsync("/v1/events?limit=1", traffic.TenantKeys.First());
            Assert.Equal(200, read.Status);
            locker.StandardInput.Close();
            await locker.WaitForExitAsync();
        }

        await ExpectRecoveryAsync(server, traffic);
    }

    /// <summary>A disk of 192 MiB, filled up to the reserve for outcomes, and then to the brim.</summary>
    [Fact]
    public async Task Serve_DiskFull_Answers503AndRecoversByItself()
    {
        using var disk = await SmallDisk.TryMountAsync(192);
        if (disk is null)
        {
            // Only root may mount. The test of failing writes shows the same without the guard.
            output.WriteLine(
                "No disk could be mounted here: only the refusal of writes was tested."
            );
            return;
        }

        await using var server = new Served(s_settings, Path.Combine(disk.Path, "data"));
        await server.StartAsync();
        await using var traffic = await Traffic.CreateAsync(server, 2, failEvery: 5);
        traffic.Start(posters: 4);
        await WaitForAcceptedAsync(traffic, 100);

        // The guard looks once a second: at full speed the log would grow meanwhile, start again at
        // its beginning, and so have room of its own on a full disk.
        traffic.Hold();
        Assert.Equal(201, (await traffic.PostOneAsync())!.Status);
        await traffic.StopAsync();
        disk.FillUntilFree(120);
        await ExpectRefusalAsync(server, traffic, "New events are refused: There is room");
        disk.FillUntilFree(0);
        await EndAttemptsAsync(server, traffic);
        disk.Empty();
        traffic.Start(posters: 4);
        await ExpectRecoveryAsync(server, traffic);
    }

    private static async Task ExpectRefusalAsync(Served server, Traffic traffic, string reason)
    {
        Served.Answer? refused = null;
        await Until.HoldsAsync(
            async () => (refused = await traffic.PostOneAsync()) is { Status: 503 },
            Served.Patience,
            () => $"no 503, but {refused}: {server.Process.Transcript}"
        );
        Assert.Equal("overloaded", refused!["code"]);
        Assert.NotNull(refused.RetryAfter);
        Assert.InRange(refused.RetryAfter.Value.TotalSeconds, 1, 60);
        Assert.Equal(503, await server.ReadinessAsync());
        await server.Process.WaitForLineAsync(reason, Served.Patience);
        Assert.False(server.Process.HasExited, server.Process.Transcript);
    }

    /// <summary>Has attempts end whose outcomes cannot be written.</summary>
    private static Task EndAttemptsAsync(Served server, Traffic traffic)
    {
        traffic.Release();
        return server.Process.WaitForLineAsync("deliveries are held", Served.Patience);
    }

    private async Task ExpectRecoveryAsync(Served server, Traffic traffic)
    {
        var before = traffic.Ledger.Accepted;
        var start = Stopwatch.GetTimestamp();
        await server.WaitUntilReadyAsync();
        await WaitForAcceptedAsync(traffic, before + 100);
        var recovered = Stopwatch.GetElapsedTime(start);
        await traffic.StopAsync();
        await traffic.SettleAsync(Served.Patience);
        output.WriteLine(
            $"{traffic.Ledger.Posted} posted, {traffic.Ledger.Accepted} accepted ({before} before the end of the fault), {traffic.Ledger.Duplicates} duplicates; 100 more accepted {recovered.TotalSeconds:F1} s after its end"
        );
        Assert.False(server.Process.HasExited);
        // An outcome that was kept until it could be written is no reason to attempt again.
        Assert.True(traffic.Ledger.Duplicates == 0, await DuplicatesAsync(server, traffic));
    }

    /// <summary>What the server knows of events that came twice.</summary>
    private static async Task<string> DuplicatesAsync(Served server, Traffic traffic)
    {
        var texts = new List<string> { $"{traffic.Ledger.Duplicates} duplicates." };
        foreach (var id in traffic.Ledger.DuplicateIds)
        {
            foreach (var key in traffic.TenantKeys)
            {
                var attempts = await server.GetAsync($"/v1/events/{id}/attempts", key);
                texts.Add(attempts.Status == 200 ? $"{id}: {attempts.Text}" : "");
            }
        }

        return string.Join('\n', [.. texts, server.Process.Transcript]);
    }

    private static Task WaitForAcceptedAsync(Traffic traffic, int count) =>
        Until.HoldsAsync(
            () => ValueTask.FromResult(traffic.Ledger.Accepted >= count),
            Served.Patience,
            () => $"only {traffic.Ledger.Accepted} accepted"
        );

    private static async Task LimitFileSizeAsync(Served server, string bytes)
    {
        using var python = Process.Start(
            "python3",
            [
                "-c",
                $"import resource; resource.prlimit({server.Process.Id}, resource.RLIMIT_FSIZE, ({bytes}, resource.RLIM_INFINITY))",
            ]
        );
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
    }

    /// <summary>Holds the write lock until its input ends.</summary>
    private static async Task<Process> LockAsync(string database)
    {
        var locker = Process.Start(
            new ProcessStartInfo(
                "python3",
                [
                    "-c",
                    "import sqlite3, sys\n"
                        + "c = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)\n"
                        + "c.execute('BEGIN EXCLUSIVE')\n"
                        + "print('locked', flush=True)\n"
                        + "sys.stdin.read()\n"
                        + "c.execute('ROLLBACK')",
                    database,
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        Assert.Equal("locked", await locker.StandardOutput.ReadLineAsync());
        return locker;
    }
}
