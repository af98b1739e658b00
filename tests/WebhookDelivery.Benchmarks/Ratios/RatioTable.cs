namespace WebhookDelivery.Benchmarks;

/// <summary>The one table at the end: what every ratio came to, and what it has to be.</summary>
internal static class RatioTable
{
    public static void Print(TextWriter to, IReadOnlyList<RatioResult> results)
    {
        to.WriteLine(
            Line("ratio", "median", "min", "q1", "q3", "max", "pairs", "must", "aim")
                + $"  {"verdict", -13}{"per CPU-s", 10}{"÷", 8}"
        );
        foreach (var result in results)
        {
            var target = result.Target;
            to.WriteLine(
                Line(
                    target.Name,
                    target.Text(result.Median),
                    target.Text(result.Least),
                    target.Text(result.LowerQuartile),
                    target.Text(result.UpperQuartile),
                    target.Text(result.Most),
                    $"{result.Pairs.Count}",
                    target.Bound(target.Must),
                    target.Bound(target.Aim)
                )
                    + $"  {Verdict(result), -13}{Work(result.WorkPerCpuSecond, "0"), 10}"
                    + $"{Work(result.WorkRatio, "0.000"), 8}"
            );
        }

        to.WriteLine(
            "  per CPU-s: the server's work per CPU-second, median; ÷: beside the reference's."
        );
    }

    private static string Verdict(RatioResult result) =>
        result.IsVoid ? "VOID" : result.Target.Verdict(result.Median);

    private static string Work(double? work, string format) => work?.ToString(format) ?? "-";

    private static string Line(
        string name,
        string median,
        string least,
        string lower,
        string upper,
        string most,
        string pairs,
        string must,
        string aim
    ) =>
        $"{name, -13}{median, 10}{least, 10}{lower, 10}{upper, 10}{most, 10}{pairs, 6}{must, 11}{aim, 11}";
}
