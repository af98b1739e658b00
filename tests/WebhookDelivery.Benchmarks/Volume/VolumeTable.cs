namespace WebhookDelivery.Benchmarks;

/// <summary>Prints figures in rows and columns, in plain text.</summary>
internal sealed class VolumeTable(TextWriter to, params IReadOnlyList<string> columns)
{
    /// <summary>A cell without a figure.</summary>
    public const double Nothing = double.NaN;

    private const int NameWidth = 52;
    private const int ColumnWidth = 18;

    public void Heading(string name) => Line(name, columns);

    public void Row(string name, params IReadOnlyList<double> figures) =>
        Line(name, [.. figures.Select(Text)]);

    /// <summary>Half and the slowest hundredth, in one cell.</summary>
    public void Row(string name, params IReadOnlyList<AnswerTimes> times) =>
        Line(name, [.. times.Select(one => $"{Text(one.P50)} / {Text(one.P99)}")]);

    private void Line(string name, IReadOnlyList<string> cells) =>
        to.WriteLine(
            $"  {name.PadRight(NameWidth)}{string.Concat(cells.Select(cell => cell.PadLeft(ColumnWidth)))}"
        );

    private static string Text(double figure) =>
        double.IsNaN(figure)
            ? "-"
            : Math.Abs(figure) switch
            {
                < 10 => $"{figure:0.00}",
                < 100 => $"{figure:0.0}",
                _ => $"{figure:0}",
            };
}
