using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Which claims a process holds, as its queue sees it.</summary>
internal sealed class ClaimBook(Journal journal) : IHandOuts
{
    private readonly List<ClaimedDelivery> _held = [];

    public void HandedOut(ClaimedDelivery claim)
    {
        journal.HandedOut(claim);
        _held.Add(claim);
    }

    public void Ended(ClaimedDelivery claim) =>
        _held.RemoveAll(each => ReferenceEquals(each, claim));

    /// <summary>The generations that claims of this attempt are held for.</summary>
    public IReadOnlyList<int> GenerationsOf(DeliveryKey key, int attempt) =>
        [
            .. _held
                .Where(each => each.Due.Key == key && each.Due.Attempt == attempt)
                .Select(each => each.Due.Generation)
                .Distinct(),
        ];
}
