using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>
/// The promise of a 201, held against a server that is killed under load again and again: at every
/// named point, at random, by SIGKILL and by cutting the power.
/// </summary>
/// <remarks>
/// The long mode, which takes some ten minutes and ends with one line of totals:
/// <code>
/// WEBHOOKDELIVERY_CRASH_KILLS=200 WEBHOOKDELIVERY_CRASH_EVENTS=50000 dotnet run -c Release \
///   --project tests/WebhookDelivery.Crash.Tests -- -class '*KillTests' -showLiveOutput
/// </code>
/// <c>WEBHOOKDELIVERY_CRASH_SEED</c> makes the same kills and events again; each run prints its seed.
/// </remarks>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string KillsVariable = "WEBHOOKDELIVERY_CRASH_KILLS";
    private const string EventsVariable = "WEBHOOKDELIVERY_CRASH_EVENTS";
    private const string SeedVariable = "WEBHOOKDELIVERY_CRASH_SEED";

    /// <summary>Accepted between two kills of the short run: enough to be in the middle of things.</summary>
    private const int AcceptedPerKill = 10;

    [Fact]
    public async Task Serve_KilledAgainAndAgainUnderLoad_DeliversAllThatWasAccepted()
    {
        var seed = ReadNumber(SeedVariable) ?? Random.Shared.Next();
        output.WriteLine($"{SeedVariable}={seed}");
        var random = new Random(seed);
        var asked = ReadNumber(KillsVariable);
        var plan = asked is { } many
            ? KillPlan.ByChance(many, random)
            : KillPlan.EveryPoint(random);
        var events = ReadNumber(EventsVariable) ?? plan.Count * AcceptedPerKill;
        var start = Stopwatch.GetTimestamp();
        await using var run = await KillRun.StartAsync(seed);
        run.Traffic.Start(posters: 6);
        foreach (var kill in plan)
        {
            await run.KillAsync(kill, (events / plan.Count) + 1);
        }

        // What passed its point unharmed is made up for.
        while (asked is { } wanted && run.Kills < wanted)
        {
            await run.KillAsync(KillPlan.ByChance(1, random)[0], AcceptedPerKill);
        }

        await run.Server.WaitUntilReadyAsync();
        await run.Traffic.StopAsync();
        await run.Traffic.SettleAsync(Served.Patience);

        var ledger = run.Traffic.Ledger;
        var stuck = await run.OpenAsync();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(run.KillsByName);
        output.WriteLine(
            $"{run.Kills} kills ({run.KillsAtPoints} at named points), {ledger.Posted} posted, {ledger.Accepted} accepted, {ledger.Received} received, {ledger.Lost} lost, {ledger.Unexpected} unexpected, {stuck} stuck, {ledger.Duplicates} duplicates, each under its own id, {ledger.Unanswered} delivered without an answer, {run.Faults.SectorsForgotten} sectors forgotten, {seconds:F0} s"
        );
        Assert.Equal((0, 0, 0), (ledger.Lost, ledger.Unexpected, stuck));
        Assert.InRange(ledger.Accepted, events, int.MaxValue);
        Assert.InRange(ledger.Received, ledger.Accepted * 2, int.MaxValue);
        // So few at points would mean that the library saw nothing.
        Assert.InRange(run.KillsAtPoints, plan.Count / 2, int.MaxValue);
        Assert.InRange(run.Faults.SectorsForgotten, 1, long.MaxValue);
    }

    private static int? ReadNumber(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
