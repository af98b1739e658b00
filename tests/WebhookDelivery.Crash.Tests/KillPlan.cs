namespace WebhookDelivery.Crash.Tests;

/// <summary>Which kills a run makes, by its seed.</summary>
internal static class KillPlan
{
    /// <summary>What is passed under load, with the latest passing that is waited for.</summary>
    private static readonly (CrashPoint Point, int PassingMax)[] s_underLoad =
    [
        (CrashPoint.Any, 500),
        (CrashPoint.LogWrite, 100),
        (CrashPoint.LogTorn, 100),
        (CrashPoint.LogWritten, 100),
        (CrashPoint.LogSync, 20),
        (CrashPoint.LogSynced, 20),
        (CrashPoint.CheckpointWrite, 300),
        (CrashPoint.CheckpointTorn, 300),
        (CrashPoint.CheckpointSync, 1),
        (CrashPoint.CheckpointSynced, 1),
        (CrashPoint.AnswerSend, 30),
        (CrashPoint.AnswerSent, 30),
        (CrashPoint.RequestSent, 50),
        (CrashPoint.ResponseRead, 50),
    ];

    /// <summary>What is passed while a server starts on what another left.</summary>
    private static readonly (CrashPoint Point, int PassingMax)[] s_atStart =
    [
        (CrashPoint.DatabaseRead, 30),
        (CrashPoint.LogWrite, 3),
        (CrashPoint.LogTorn, 3),
        (CrashPoint.LogSync, 1),
        (CrashPoint.LogSynced, 1),
    ];

    /// <summary>What is passed by a stop, which empties the log into the database.</summary>
    private static readonly (CrashPoint Point, int PassingMax)[] s_atStop =
    [
        (CrashPoint.LogWrite, 3),
        (CrashPoint.CheckpointWrite, 100),
        (CrashPoint.CheckpointTorn, 100),
        (CrashPoint.CheckpointSync, 1),
        (CrashPoint.CheckpointSynced, 1),
        (CrashPoint.LogUnlink, 1),
        (CrashPoint.LogUnlinked, 1),
    ];

    /// <summary>
    /// Every point, in an order of its own: those under load by SIGKILL and by a cut of the power, the
    /// others by one of the two.
    /// </summary>
    public static IReadOnlyList<PlannedKill> EveryPoint(Random random)
    {
        List<PlannedKill> plan =
        [
            .. s_underLoad.Select(point => At(point, LifeMoment.Load, Ending.Killed, random)),
            .. s_underLoad.Select(point => At(point, LifeMoment.Load, Ending.PowerCut, random)),
            .. s_atStart.Select(point => At(point, LifeMoment.Start, AnyEnding(random), random)),
            .. s_atStop.Select(point => At(point, LifeMoment.Stop, AnyEnding(random), random)),
            Signal(random),
            Signal(random),
        ];
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(plan));
        return plan;
    }

    /// <summary>As many as asked for, by chance: a quarter are signals from outside.</summary>
    public static IReadOnlyList<PlannedKill> ByChance(int kills, Random random)
    {
        var plan = new List<PlannedKill>(kills);
        while (plan.Count < kills)
        {
            var ending = AnyEnding(random);
            plan.Add(
                random.Next(8) switch
                {
                    0 or 1 => Signal(random),
                    2 => One(s_atStart, LifeMoment.Start, ending, random),
                    3 => One(s_atStop, LifeMoment.Stop, ending, random),
                    _ => One(s_underLoad, LifeMoment.Load, ending, random),
                }
            );
        }

        return plan;
    }

    private static Ending AnyEnding(Random random) => (Ending)random.Next(2);

    private static PlannedKill One(
        (CrashPoint Point, int PassingMax)[] points,
        LifeMoment moment,
        Ending ending,
        Random random
    ) => At(points[random.Next(points.Length)], moment, ending, random);

    private static PlannedKill At(
        (CrashPoint Point, int PassingMax) point,
        LifeMoment moment,
        Ending ending,
        Random random
    ) =>
        new(
            point.Point,
            random.Next(1, point.PassingMax + 1),
            ending,
            moment,
            random.Next(100),
            random.NextInt64()
        );

    /// <summary>One in three comes while the server starts.</summary>
    private static PlannedKill Signal(Random random) =>
        new(
            CrashPoint.None,
            1,
            Ending.Killed,
            random.Next(3) == 0 ? LifeMoment.Start : LifeMoment.Load,
            random.Next(50, 500),
            0
        );
}
