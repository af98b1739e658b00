using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The promise of a 201, held against a process that is killed again and again.</summary>
[Collection(ProcessCollection.Name)]
public sealed class CrashTests(ITestOutputHelper output)
{
    private const string RoundsVariable = "WEBHOOKDELIVERY_CRASH_ROUNDS";
    private const string SeedVariable = "WEBHOOKDELIVERY_CRASH_SEED";
    private const int RoundsDefault = 20;

    [Fact]
    public async Task Serve_KilledAtRandomMomentsUnderLoad_DeliversAllThatWasAccepted()
    {
        var rounds = ReadNumber(RoundsVariable) ?? RoundsDefault;
        var seed = ReadNumber(SeedVariable) ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}, {rounds} kills");
        var random = new Random(seed);
        var start = Stopwatch.GetTimestamp();
        await using var server = new Served(
            new Dictionary<string, string>
            {
                // Enough waits that no delivery dies of a receiver that fails every seventh time.
                ["Delivery__RetrySchedule"] = string.Join(',', Enumerable.Repeat("200ms", 20)),
            }
        );
        await server.StartAsync();
        await using var traffic = await Traffic.CreateAsync(server, 4, seed, failEvery: 7);
        traffic.Start(posters: 6);
        for (var round = 1; round <= rounds; round++)
        {
            // Every fourth time without waiting: starting up can be cut short too.
            if (round % 4 != 0)
            {
                await server.WaitUntilReadyAsync();
            }

            await Task.Delay(random.Next(50, 700));
            await server.Process.KillAsync();
            await server.Process.DisposeAsync();
            server.Launch();
        }

        await server.WaitUntilReadyAsync();
        await traffic.StopAsync();
        await traffic.SettleAsync(Served.Patience);

        var ledger = traffic.Ledger;
        output.WriteLine(
            $"{rounds} kills, {ledger.Posted} posted, {ledger.Accepted} accepted, {ledger.Received} received, {ledger.Duplicates} duplicates, {ledger.Unanswered} delivered without an answer, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"
        );
        // So few would mean that the load never ran.
        Assert.InRange(ledger.Accepted, rounds * 5, int.MaxValue);
        Assert.InRange(ledger.Received, ledger.Accepted * 2, int.MaxValue);
    }

    private static int? ReadNumber(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
