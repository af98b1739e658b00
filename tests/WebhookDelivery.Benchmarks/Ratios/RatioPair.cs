namespace WebhookDelivery.Benchmarks;

/// <summary>One alternation of the arms.</summary>
/// <param name="Ratio">The figure that counts: a quotient, or a difference in the target's unit.</param>
/// <param name="Arms">
/// The arms' throughputs, the measured one first and what it is divided by second; none where the
/// ratio is not one of throughputs.
/// </param>
/// <param name="Notes">Other figures of the pair, by name, the same in each pair.</param>
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
            measured
                .Notes.Concat(reference.Notes)
                .ToDictionary(note => note.Key, note => note.Value, StringComparer.Ordinal)
        );
}
