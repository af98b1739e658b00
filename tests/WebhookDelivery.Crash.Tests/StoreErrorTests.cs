using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>
/// Single calls on the database's files that fail: no room, a bad sector, an fsync that reports once
/// that it lost something, and never again.
/// </summary>
public sealed class StoreErrorTests(ITestOutputHelper output)
{
    /// <summary>More than the retries of a call in one batch; few enough that the fault passes.</summary>
    private const int Several = 6;

    private static readonly (CrashPoint Call, int Error, int Times)[] s_errors =
    [
        (CrashPoint.LogWrite, FaultControl.NoSpace, Several),
        (CrashPoint.LogWrite, FaultControl.InputOutput, 1),
        (CrashPoint.LogSync, FaultControl.InputOutput, 1),
        (CrashPoint.LogSync, FaultControl.InputOutput, Several),
        (CrashPoint.CheckpointWrite, FaultControl.NoSpace, 1),
        (CrashPoint.CheckpointSync, FaultControl.InputOutput, 1),
        (CrashPoint.DatabaseRead, FaultControl.InputOutput, 1),
    ];

    /// <summary>
    /// After each error the power is cut, which shows what an fsync that had failed once kept: nothing that
    /// was answered 201 may be among what it lost. Where that of a checkpoint fails, the server ends by
    /// itself: what a checkpoint before it wrote may be lost too, and only a start replays the whole log.
    /// </summary>
    [Fact]
    public async Task Serve_CallsFailUnderLoad_LosesNothingThatWasAccepted()
    {
        await using var run = await KillRun.StartAsync(seed: 1);
        run.Traffic.Start(posters: 6);
        var failed = 0;
        foreach (var (call, error, times) in s_errors)
        {
            await run.AcceptedAsync(10);
            run.Faults.Fail(call, error, times);
            failed += times;
            await Until.HoldsAsync(
                () => ValueTask.FromResult(run.Faults.Failed >= failed),
                Served.Patience,
                () => $"{call} was passed {run.Faults.Passings(call)} times"
            );
            if (call == CrashPoint.CheckpointSync)
            {
                await run.EndedByItselfAsync("the write-ahead log is whole");
            }
            else
            {
                Assert.False(run.Server.Process.HasExited, run.Server.Process.Transcript);
                // SQLite calls a sector that cannot be read damage, after which nothing is accepted
                // until a restart.
                var acceptedBefore = call == CrashPoint.DatabaseRead ? 0 : 20;
                await run.KillAsync(Cut(CrashPoint.Any), acceptedBefore);
            }
        }

        await run.AcceptedAsync(20);
        // While every fsync fails, nothing is accepted, and the kernel forgets each time.
        run.Faults.Fail(CrashPoint.LogSync, FaultControl.InputOutput, int.MaxValue);
        await run.KillAsync(Cut(CrashPoint.LogSync, passing: 10), acceptedBefore: 0);

        await run.AcceptedAsync(20);
        await run.Traffic.StopAsync();
        await run.Traffic.SettleAsync(Served.Patience);
        var ledger = run.Traffic.Ledger;
        output.WriteLine(
            $"{run.Faults.Failed} calls failed, {run.Kills} kills, {ledger.Accepted} accepted, {ledger.Duplicates} duplicates"
        );
        Assert.Equal(s_errors.Length, run.KillsAtPoints);
    }

    [Fact]
    public async Task Serve_FileSystemTurnsReadOnly_Answers503AndRecoversByItself()
    {
        await using var run = await KillRun.StartAsync(seed: 2);
        run.Traffic.Start(posters: 4);
        await run.AcceptedAsync(50);

        run.Faults.Fail(CrashPoint.LogWrite, FaultControl.ReadOnly, int.MaxValue);
        Served.Answer? refused = null;
        await Until.HoldsAsync(
            async () => (refused = await run.Traffic.PostOneAsync()) is { Status: 503 },
            Served.Patience,
            () => $"no 503, but {refused}: {run.Server.Process.Transcript}"
        );
        Assert.Equal("overloaded", refused!["code"]);
        Assert.Equal(503, await run.Server.ReadinessAsync());
        var read = await run.Server.GetAsync("/v1/events?limit=1", run.Traffic.TenantKeys.First());
        Assert.Equal(200, read.Status);

        run.Faults.Mend();
        await run.AcceptedAsync(50);
        await run.Traffic.StopAsync();
        await run.Traffic.SettleAsync(Served.Patience);
        Assert.False(run.Server.Process.HasExited);
        Assert.Equal(0, run.Traffic.Ledger.Duplicates);
    }

    private static PlannedKill Cut(CrashPoint point, int passing = 1) =>
        new(point, passing, Ending.PowerCut, LifeMoment.Load, 0, FaultControl.Worst);
}
