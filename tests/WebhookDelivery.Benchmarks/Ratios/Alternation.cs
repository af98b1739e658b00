namespace WebhookDelivery.Benchmarks;

/// <summary>Alternates two arms, each going first every other time, so that a drift hits both.</summary>
internal static class Alternation
{
    public static async Task<IReadOnlyList<RatioPair>> RunAsync(
        int pairs,
        Func<Task<ArmFigure>> measured,
        Func<Task<ArmFigure>> reference,
        TextWriter progress
    )
    {
        var done = new List<RatioPair>(pairs);
        for (var i = 0; i < pairs; i++)
        {
            RatioPair pair;
            if (i % 2 == 0)
            {
                var first = await measured();
                pair = RatioPair.Of(first, await reference());
            }
            else
            {
                var first = await reference();
                pair = RatioPair.Of(await measured(), first);
            }

            done.Add(pair);
            Report.Pair(progress, i + 1, pair);
        }

        return done;
    }
}
