namespace WebhookDelivery.Benchmarks;

/// <summary>What a ratio came to.</summary>
/// <param name="Target">What it is.</param>
/// <param name="Pairs">All pairs, at least one.</param>
/// <param name="Ledger">The account of all its events.</param>
internal sealed record RatioResult(
    RatioTarget Target,
    IReadOnlyList<RatioPair> Pairs,
    Ledger Ledger
)
{
    public double Median => Statistics.Median(Pairs.Select(pair => pair.Ratio));

    public double Least => Pairs.Min(pair => pair.Ratio);

    public double Most => Pairs.Max(pair => pair.Ratio);

    public bool IsVoid => !Ledger.Balances;

    public bool MeetsMust => Target.Meets(Median, Target.Must);

    public bool MeetsAim => Target.Meets(Median, Target.Aim);
}
