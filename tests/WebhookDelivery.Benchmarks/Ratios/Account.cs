namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The account of all that is measured of one ratio. Each ledger has to balance by itself: what one pair
/// lost must not be made up for by another.
/// </summary>
internal sealed class Account
{
    private readonly Dictionary<string, int> _pairs = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    /// <summary>The sum of all ledgers, to be shown.</summary>
    public Ledger Total { get; private set; } = Ledger.Empty;

    /// <summary>What does not balance, each by its name.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Enters the ledger of an arm's next pair.</summary>
    public void EnterPair(string arm, Ledger ledger)
    {
        var pair = _pairs.GetValueOrDefault(arm) + 1;
        _pairs[arm] = pair;
        Enter($"pair {pair}, {arm}", ledger);
    }

    /// <summary>Enters a ledger.</summary>
    /// <param name="name">Whose, as a fault has it.</param>
    /// <param name="ledger">The ledger.</param>
    public void Enter(string name, Ledger ledger)
    {
        Total += ledger;
        if (!ledger.Balances)
        {
            Fault($"{name}: {ledger}");
        }
    }

    /// <summary>Voids it for a reason that is not in a ledger, or says more about one that is.</summary>
    public void Fault(string reason) => _faults.Add(reason);
}
