namespace WebhookDelivery.Benchmarks;

/// <summary>Prints what was measured, in plain text.</summary>
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
        to.WriteLine("  medians of the arms:");
        for (var i = 0; i < result.Pairs[0].Arms.Count; i++)
        {
            var arm = result.Pairs[0].Arms[i];
            var perSecond = Median(result, i, figure => figure.PerSecond);
            var perCpuSecond = Median(result, i, figure => figure.PerCpuSecond);
            to.WriteLine(
                $"    {arm.Arm, -8}concurrency {arm.Concurrency, 3}  {perSecond, 8:0} per second"
                    + $"  {perCpuSecond, 8:0} per CPU-second of its process"
            );
        }

        if (result.Pairs[0].Arms.Count > 1)
        {
            var work = Statistics.Median(
                result.Pairs.Select(pair => pair.Arms[0].PerCpuSecond / pair.Arms[1].PerCpuSecond)
            );
            to.WriteLine($"    work per CPU-second, ratio {work:0.000} (not judged)");
        }

        to.WriteLine($"  ledger: {result.Ledger}{(result.IsVoid ? ": DOES NOT BALANCE" : "")}");
        to.WriteLine();
    }

    public static void Summary(TextWriter to, IReadOnlyList<RatioResult> results)
    {
        to.WriteLine(
            $"{"ratio", -10}{"median", 8}{"min", 9}{"max", 9}{"pairs", 7}{"must", 9}{"aim", 9}  verdict"
        );
        foreach (var result in results)
        {
            var target = result.Target;
            var sign = target.LowerIsBetter ? '≤' : '≥';
            to.WriteLine(
                $"{target.Name, -10}{result.Median, 8:0.0000}{result.Least, 9:0.0000}"
                    + $"{result.Most, 9:0.0000}{result.Pairs.Count, 7}"
                    + $"{$"{sign} {target.Must}", 9}{$"{sign} {target.Aim}", 9}  {(result.IsVoid ? "VOID" : Verdict(target, result.Median))}"
            );
        }
    }

    private static double Median(RatioResult result, int arm, Func<ArmFigure, double> figure) =>
        Statistics.Median(result.Pairs.Select(pair => figure(pair.Arms[arm])));

    /// <summary>Judges a figure.</summary>
    public static string Verdict(RatioTarget target, double value) =>
        !target.Meets(value, target.Must) ? "FAIL"
        : !target.Meets(value, target.Aim) ? "pass, aim missed"
        : "pass, aim met";
}
