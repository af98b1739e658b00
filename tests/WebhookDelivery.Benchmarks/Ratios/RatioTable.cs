using System.Text;

namespace WebhookDelivery.Benchmarks;

/// <summary>The one table at the end: what every ratio came to, and what it has to be.</summary>
internal static class RatioTable
{
    private const string Gap = "  ";

    /// <summary>The columns that are words; figures end where their column does.</summary>
    private static readonly string[] s_words = ["ratio", "verdict"];

    private static readonly string[] s_heading =
    [
        "ratio",
        "median",
        "min",
        "q1",
        "q3",
        "max",
        "pairs",
        "must",
        "aim",
        "verdict",
        "per CPU-s",
        "÷",
    ];

    public static void Print(TextWriter to, IReadOnlyList<RatioResult> results)
    {
        string[][] rows = [s_heading, .. results.Select(Row)];

        // A unit makes a figure as wide as it likes: each column is as wide as its widest cell.
        var widths = s_heading.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            to.WriteLine(Line(row, widths));
        }

        to.WriteLine(
            "  per CPU-s: the server's work per CPU-second, median; ÷: beside the reference's."
        );
    }

    private static string[] Row(RatioResult result)
    {
        var target = result.Target;
        return
        [
            target.Name,
            .. Figures(result),
            $"{result.Pairs.Count}",
            target.Bound(target.Must),
            target.Bound(target.Aim),
            Verdict(result),
            Work(result.WorkPerCpuSecond, "0"),
            Work(result.WorkRatio, "0.000"),
        ];
    }

    private static IEnumerable<string> Figures(RatioResult result) =>
        result.Pairs.Count == 0
            ? ["-", "-", "-", "-", "-"]
            :
            [
                result.Target.Text(result.Median),
                result.Target.Text(result.Least),
                result.Target.Text(result.LowerQuartile),
                result.Target.Text(result.UpperQuartile),
                result.Target.Text(result.Most),
            ];

    private static string Verdict(RatioResult result) =>
        result.IsVoid ? "VOID" : result.Target.Verdict(result.Median);

    private static string Work(double? work, string format) => work?.ToString(format) ?? "-";

    private static string Line(string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < row.Length; column++)
        {
            line.Append(column == 0 ? "" : Gap)
                .Append(
                    s_words.Contains(s_heading[column], StringComparer.Ordinal)
                        ? row[column].PadRight(widths[column])
                        : row[column].PadLeft(widths[column])
                );
        }

        return line.ToString();
    }
}
