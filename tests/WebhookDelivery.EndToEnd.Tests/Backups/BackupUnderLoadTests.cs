using System.Diagnostics;
using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A backup taken under load, held against the ledger.</summary>
[Collection(ProcessCollection.Name)]
public sealed class BackupUnderLoadTests(ITestOutputHelper output)
{
    private const int Backups = 3;
    private const int EventsBetween = 150;

    /// <summary>Adds so many megabytes to the database first, to see what a long copy costs.</summary>
    private const string MegabytesVariable = "WEBHOOKDELIVERY_BACKUP_MEGABYTES";

    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["Delivery__RetrySchedule"] = string.Join(',', Enumerable.Repeat("200ms", 20)),
    };

    [Fact]
    public async Task Backup_TakenUnderLoad_RestoresToAServerThatDeliversAllThatWasAcceptedBefore()
    {
        const int nobody = 1_000_000;
        using var place = new TemporaryDirectory();
        await using var server = new Served(s_settings);
        await server.StartAsync();
        if (int.TryParse(Environment.GetEnvironmentVariable(MegabytesVariable), out var megabytes))
        {
            await server.StopAsync();
            LargeDatabase.AddEvents(server.DataDirectory, megabytes, nobody);
            await server.StartAsync();
        }

        await using var traffic = await Traffic.CreateAsync(server, 3, failEvery: 5);
        var taken = new List<Taken>();
        traffic.Start(posters: 6);
        for (var i = 1; i <= Backups; i++)
        {
            await AcceptMoreAsync(traffic);
            if (i == Backups)
            {
                // From here on there is a backlog, and attempts whose outcome nobody ever learns.
                traffic.Hold();
                await AcceptMoreAsync(traffic);
            }

            taken.Add(await BackUpAsync(server, traffic, Path.Combine(place.Path, $"{i}.db")));
        }

        await AcceptMoreAsync(traffic);
        await server.Process.KillAsync();
        await traffic.StopAsync();
        traffic.Release();

        foreach (var backup in new[] { taken[0], taken[^1] })
        {
            await RestoreAsync(server, traffic, backup);
        }

        // What was accepted after the backups is lost with the server, and only that may be missing.
        Assert.DoesNotContain(
            traffic.Ledger.Imbalance(),
            fault => !fault.Contains("did not reach", StringComparison.Ordinal)
        );
    }

    private static async Task AcceptMoreAsync(Traffic traffic)
    {
        var enough = traffic.Ledger.Accepted + EventsBetween;
        await Until.HoldsAsync(
            () => ValueTask.FromResult(traffic.Ledger.Accepted >= enough),
            Served.Patience,
            () => $"{traffic.Ledger.Accepted} accepted, not {enough}"
        );
    }

    private async Task<Taken> BackUpAsync(Served server, Traffic traffic, string path)
    {
        var (before, beforeTook) = await CountAsync(
            traffic,
            () => Task.Delay(TimeSpan.FromSeconds(1))
        );
        var accepted = traffic.Ledger.AcceptedIds;
        var printed = "";
        var (during, duringTook) = await CountAsync(
            traffic,
            async () =>
                printed = (
                    await ServerCommand.RunAsync(
                        0,
                        null,
                        "backup",
                        "--data",
                        server.DataDirectory,
                        "--to",
                        path
                    )
                ).Output
        );
        Assert.StartsWith(path, printed, StringComparison.Ordinal);
        output.WriteLine(printed.Split('\n')[1]);
        Assert.Contains("master key is not in it", printed, StringComparison.Ordinal);
        output.WriteLine(
            $"{accepted.Count} accepted before; ingest {before / beforeTook.TotalSeconds:F0}/s before, {during / duringTook.TotalSeconds:F0}/s during the {duringTook.TotalSeconds:F2} s of the command"
        );
        Assert.True(during > 0, "Nothing was accepted during the backup.");
        return new Taken(path, accepted);
    }

    private static async Task<(int Accepted, TimeSpan Took)> CountAsync(
        Traffic traffic,
        Func<Task> act
    )
    {
        var before = traffic.Ledger.Accepted;
        var began = Stopwatch.GetTimestamp();
        await act();
        return (traffic.Ledger.Accepted - before, Stopwatch.GetElapsedTime(began));
    }

    private async Task RestoreAsync(Served origin, Traffic traffic, Taken backup)
    {
        await using var restored = new Served(s_settings);
        var data = restored.DataDirectory;
        var (_, missing) = await ServerCommand.RunAsync(
            0,
            null,
            "restore",
            "--from",
            backup.Path,
            "--data",
            data
        );
        Assert.Contains("master key is missing", missing, StringComparison.Ordinal);
        File.Copy(
            Path.Combine(origin.DataDirectory, "master.key"),
            Path.Combine(data, "master.key")
        );
        await restored.StartAsync();

        var delivered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in traffic.TenantKeys)
        {
            await restored.WaitUntilSettledAsync(key, Served.Patience);
            Assert.Empty(await restored.ListAsync(key, "DEAD_LETTER"));
            delivered.UnionWith(
                (await restored.ListAsync(key, "DELIVERED")).Select(text =>
                    JsonDocument.Parse(text).RootElement.GetProperty("event_id").GetString()!
                )
            );
        }

        output.WriteLine(
            $"{delivered.Count} delivered by the restored server or before, {backup.Accepted.Count} accepted before the backup, {traffic.Ledger.Duplicates} duplicates in all"
        );
        Assert.Empty(backup.Accepted.Except(delivered));
        await restored.StopAsync();
    }

    private sealed record Taken(string Path, IReadOnlyList<string> Accepted);
}
