namespace WebhookDelivery.Benchmarks;

/// <summary>One alternation of the arms.</summary>
/// <param name="Ratio">The quotient that counts.</param>
/// <param name="Arms">The arms' figures, the measured one first.</param>
/// <param name="Notes">Other figures of the pair, by name.</param>
internal sealed record RatioPair(
    double Ratio,
    IReadOnlyList<ArmFigure> Arms,
    IReadOnlyDictionary<string, double> Notes
)
{
    /// <summary>A pair of two throughputs.</summary>
    public static RatioPair Of(ArmFigure measured, ArmFigure reference) =>
        new(
            measured.PerSecond / reference.PerSecond,
            [measured, reference],
            new Dictionary<string, double>(StringComparer.Ordinal)
        );
}
