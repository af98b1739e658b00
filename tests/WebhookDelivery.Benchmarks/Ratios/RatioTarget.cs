namespace WebhookDelivery.Benchmarks;

/// <summary>What a ratio is, and what it has to be.</summary>
/// <param name="Name">The word on the command line.</param>
/// <param name="Meaning">What is divided by what, or less what.</param>
/// <param name="Must">The bound that fails the run when missed, itself allowed; null: it is only shown.</param>
/// <param name="Aim">The bound worth working for; null: there is none.</param>
/// <param name="LowerIsBetter">Whether the bounds are upper ones.</param>
/// <param name="Unit">What the figure is counted in; empty: it is a quotient.</param>
internal sealed record RatioTarget(
    string Name,
    string Meaning,
    double? Must = null,
    double? Aim = null,
    bool LowerIsBetter = false,
    string Unit = ""
)
{
    /// <summary>The same where an fsync takes what the mode says; it is then only shown.</summary>
    public RatioTarget At(FsyncMode fsync) =>
        fsync != FsyncMode.TwoMilliseconds
            ? this
            : this with
            {
                Name = $"{Name}-2ms",
                Meaning = $"{Meaning}, an fsync of 2 ms",
                Must = null,
                Aim = null,
            };

    /// <summary>Always of a bound that there is not.</summary>
    public bool Meets(double value, double? bound) =>
        bound is not { } limit || (LowerIsBetter ? value <= limit : value >= limit);

    /// <summary>What the table says of a figure.</summary>
    public string Verdict(double value) =>
        Must is null ? "not judged"
        : !Meets(value, Must) ? "MISSES MUST"
        : Aim is null || !Meets(value, Aim) ? "must"
        : "aim";

    /// <summary>A bound as the table has it.</summary>
    public string Bound(double? bound) =>
        bound is not { } limit ? "-" : $"{(LowerIsBetter ? '≤' : '≥')} {limit:0.####}{Suffix}";

    /// <summary>A figure with about four digits that count.</summary>
    public string Text(double value) =>
        Math.Abs(value) switch
        {
            < 0.1 => $"{value:0.0000}",
            < 10 => $"{value:0.000}",
            < 100 => $"{value:0.00}",
            _ => $"{value:0.0}",
        } + Suffix;

    private string Suffix => Unit.Length == 0 ? "" : $" {Unit}";
}
