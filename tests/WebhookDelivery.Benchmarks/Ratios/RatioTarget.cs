namespace WebhookDelivery.Benchmarks;

/// <summary>What a ratio is, and what it has to be.</summary>
/// <param name="Name">The word on the command line.</param>
/// <param name="Meaning">What is divided by what.</param>
/// <param name="Must">The bound that fails the run when missed, itself allowed.</param>
/// <param name="Aim">The bound worth working for.</param>
/// <param name="LowerIsBetter">Whether the bounds are upper ones.</param>
internal sealed record RatioTarget(
    string Name,
    string Meaning,
    double Must,
    double Aim,
    bool LowerIsBetter = false
)
{
    public bool Meets(double ratio, double bound) =>
        LowerIsBetter ? ratio <= bound : ratio >= bound;
}
