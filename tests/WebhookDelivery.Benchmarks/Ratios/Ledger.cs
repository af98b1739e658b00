namespace WebhookDelivery.Benchmarks;

/// <summary>Where everything that was accepted has gone. What does not balance voids the run.</summary>
/// <param name="Accepted">Answers 201, as the load counted them.</param>
/// <param name="Delivered">Distinct ids that the sink received.</param>
/// <param name="Dead">Dead letters, as the API lists them.</param>
/// <param name="Open">Events with an open delivery, as the API lists them.</param>
/// <param name="Duplicates">Requests at the sink beyond the distinct ones; allowed, and rare.</param>
/// <param name="Refused">Answers other than 201, or other than 2xx at the sink; none are expected.</param>
internal sealed record Ledger(
    long Accepted,
    long Delivered,
    long Dead,
    long Open,
    long Duplicates,
    long Refused
)
{
    public static readonly Ledger Empty = new(0, 0, 0, 0, 0, 0);

    /// <summary>
    /// Ids, where the 201s' are recorded, of which the load and the sink tell different stories: not
    /// received, and neither dead nor open. What is delivered twice under another id makes up for none.
    /// </summary>
    public long Unmatched { get; init; }

    public bool Balances => Accepted == Delivered + Dead + Open && Refused == 0 && Unmatched == 0;

    public static Ledger operator +(Ledger left, Ledger right) =>
        new(
            left.Accepted + right.Accepted,
            left.Delivered + right.Delivered,
            left.Dead + right.Dead,
            left.Open + right.Open,
            left.Duplicates + right.Duplicates,
            left.Refused + right.Refused
        )
        {
            Unmatched = left.Unmatched + right.Unmatched,
        };

    public override string ToString() =>
        $"accepted {Accepted} = delivered {Delivered} + dead {Dead} + open {Open}"
        + $" ({Duplicates} duplicates, {Refused} refused,"
        + $" {Unmatched} ids unmatched)";
}
