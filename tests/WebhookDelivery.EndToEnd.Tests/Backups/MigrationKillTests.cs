using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A schema step that is cut short by SIGKILL is as if it had never begun.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MigrationKillTests
{
    private const int Rows = 300_000;
    private const int EarlierFailed = 6;
    private const int Tries = 5;

    [Fact]
    public async Task Serve_KilledInTheMidstOfAStep_TakesItAtTheNextStart()
    {
        using var original = new TemporaryDirectory();
        LargeDatabase.MakeWithFailedDeliveries(original.Path, Rows);
        await using var server = new Served(
            new Dictionary<string, string>
            {
                ["Secrets__MasterKey"] = EarlierDatabase.Read("version-1").MasterKey,
                ["Delivery__Paused"] = "true",
                ["Retention__EventDays"] = "3650",
                ["Retention__DeadLetterDays"] = "3650",
            }
        );
        var last = await KillInAStepAsync(server, original.Path);

        await server.StartAsync();
        await server.Process.WaitForLineAsync($"has schema version {last}", Served.Patience);
        await server.StopAsync();
        Assert.Equal(
            Rows + EarlierFailed,
            LargeDatabase.Number(
                server.DataDirectory,
                "SELECT COUNT(*) FROM deliveries INDEXED BY deliveries_failed WHERE status = 1"
            )
        );
        Assert.Equal(
            1,
            LargeDatabase.Number(
                server.DataDirectory,
                "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"
            )
        );
    }

    /// <summary>Kills it while it takes the last step. Returns that step's version.</summary>
    private static async Task<int> KillInAStepAsync(Served server, string original)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (Directory.Exists(server.DataDirectory))
            {
                Directory.Delete(server.DataDirectory, recursive: true);
            }

            Directory.CreateDirectory(server.DataDirectory);
            File.Copy(
                Path.Combine(original, "webhooks.db"),
                Path.Combine(server.DataDirectory, "webhooks.db")
            );
            await using var process = server.Launch();
            await process.WaitForLineAsync("to schema version 3", Served.Patience);
            await process.KillAsync();
            // A machine that is busy may have let the step end first: then the next time.
            if (LargeDatabase.Number(server.DataDirectory, "PRAGMA user_version") == 2)
            {
                return 3;
            }
        }

        throw new TimeoutException($"The step was over {Tries} times before the kill.");
    }
}
