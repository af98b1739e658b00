namespace WebhookDelivery.Benchmarks;

/// <summary>Alternates two arms, each going first every other time, so that a drift hits both.</summary>
internal static class Alternately
{
    /// <summary>Measures pair after pair, telling each as it ends.</summary>
    /// <param name="pairs">How many.</param>
    /// <param name="measured">The arm that is judged.</param>
    /// <param name="reference">What it is compared with.</param>
    /// <param name="compare">Makes the pair, the measured figure first.</param>
    /// <param name="progress">Is told of each pair.</param>
    public static async Task<IReadOnlyList<RatioPair>> RunAsync<T>(
        int pairs,
        Func<Task<T>> measured,
        Func<Task<T>> reference,
        Func<T, T, RatioPair> compare,
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
                pair = compare(first, await reference());
            }
            else
            {
                var first = await reference();
                pair = compare(await measured(), first);
            }

            done.Add(pair);
            Report.Pair(progress, i + 1, pair);
        }

        return done;
    }
}
