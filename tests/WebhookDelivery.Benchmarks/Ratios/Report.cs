namespace WebhookDelivery.Benchmarks;

/// <summary>Prints what was measured of one ratio, in plain text.</summary>
internal static class Report
{
    public static void Pair(TextWriter to, int number, RatioPair pair)
    {
        var arms = pair.Arms.Select(arm =>
            $"{arm.Arm} {arm.PerSecond:0}/s {arm.PerCpuSecond:0}/CPU-s"
        );
        var notes = pair.Notes.Select(note => $"{note.Key} {note.Value:0.##}");
        to.WriteLine(
            $"  {number, 2}  {pair.Ratio:0.0000}  {string.Join("  ", arms.Concat(notes))}"
        );
    }

    public static void Result(TextWriter to, RatioResult result)
    {
        if (result.Pairs.Count == 0)
        {
            Account(to, result.Account);
            return;
        }

        var first = result.Pairs[0];
        if (first.Arms.Count > 0)
        {
            to.WriteLine("  medians of the arms:");
        }

        for (var i = 0; i < first.Arms.Count; i++)
        {
            var arm = first.Arms[i];
            var perSecond = Median(result, pair => pair.Arms[i].PerSecond);
            var perCpuSecond = Median(result, pair => pair.Arms[i].PerCpuSecond);
            to.WriteLine(
                $"    {arm.Arm, -8}concurrency {arm.Concurrency, 3}  {perSecond, 8:0} per second"
                    + $"  {perCpuSecond, 8:0} per CPU-second"
            );
        }

        if (result.WorkRatio is { } work)
        {
            to.WriteLine($"    work per CPU-second, ratio {work:0.000} (not judged)");
        }

        foreach (var note in first.Notes.Keys)
        {
            to.WriteLine($"    {note} {Median(result, pair => pair.Notes[note]):0.###} (median)");
        }

        Account(to, result.Account);
    }

    /// <summary>The sum of all ledgers, and each fault by itself.</summary>
    public static void Account(TextWriter to, Account account)
    {
        to.WriteLine($"  ledger: {account.Total}");
        foreach (var fault in account.Faults)
        {
            to.WriteLine($"  VOID: {fault}");
        }

        to.WriteLine();
    }

    private static double Median(RatioResult result, Func<RatioPair, double> figure) =>
        Statistics.Median(result.Pairs.Select(figure));
}
