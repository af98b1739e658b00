namespace WebhookDelivery.Benchmarks;

/// <summary>What a ratio came to.</summary>
/// <param name="Target">What it is.</param>
/// <param name="Pairs">All pairs; none if it broke off.</param>
/// <param name="Account">The account of all its events.</param>
internal sealed record RatioResult(
    RatioTarget Target,
    IReadOnlyList<RatioPair> Pairs,
    Account Account
)
{
    public double Median => Statistics.Median(Figures);

    public double Least => Figures.Min();

    public double Most => Figures.Max();

    /// <summary>A quarter of the pairs is below it.</summary>
    public double LowerQuartile => Statistics.Quantile(Figures, 0.25);

    /// <summary>A quarter of the pairs is above it.</summary>
    public double UpperQuartile => Statistics.Quantile(Figures, 0.75);

    public bool IsVoid => Account.Faults.Count > 0;

    public bool MeetsMust => Target.Meets(Median, Target.Must);

    /// <summary>The measured arm's work per CPU-second, the median; null if no arm is a throughput.</summary>
    public double? WorkPerCpuSecond => MedianOf(1, arms => arms[0].PerCpuSecond);

    /// <summary>The same beside the reference's; null without one.</summary>
    public double? WorkRatio => MedianOf(2, arms => arms[0].PerCpuSecond / arms[1].PerCpuSecond);

    private IEnumerable<double> Figures => Pairs.Select(pair => pair.Ratio);

    /// <summary>A figure that was counted, not measured in pairs.</summary>
    public static RatioResult Counted(RatioTarget target, double value) =>
        new(
            target,
            [new RatioPair(value, [], new Dictionary<string, double>(StringComparer.Ordinal))],
            new Account()
        );

    /// <summary>A ratio of which nothing is known, for its run broke off.</summary>
    public static RatioResult Broken(RatioTarget target, string reason)
    {
        var account = new Account();
        account.Fault(reason);
        return new RatioResult(target, [], account);
    }

    private double? MedianOf(int armsMin, Func<IReadOnlyList<ArmFigure>, double> figure) =>
        Pairs.Count == 0 || Pairs[0].Arms.Count < armsMin
            ? null
            : Statistics.Median(Pairs.Select(pair => figure(pair.Arms)));
}
