using System.Runtime.CompilerServices;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Remembers of a claim what its message said beyond what a claim can say, for as long as somebody
/// has that claim. Thread-safe.
/// </summary>
internal sealed class ClaimNotes
{
    private readonly ConditionalWeakTable<ClaimedDelivery, DeliveryMessage> _notes = [];

    /// <summary>Remembers the message of a claim, where it said something of the sort.</summary>
    public void Put(ClaimedDelivery claim, DeliveryMessage message)
    {
        if (message.MustVerify || message.HealAt is not null)
        {
            _notes.AddOrUpdate(claim, message);
        }
    }

    /// <summary>When the sweeper heals the delivery; null if that is not known.</summary>
    public DateTimeOffset? HealAt(ClaimedDelivery claim) =>
        _notes.TryGetValue(claim, out var message) ? message.HealAt : null;

    /// <summary>Whether another message may say the same as the claim's.</summary>
    public bool MustVerify(ClaimedDelivery claim) =>
        _notes.TryGetValue(claim, out var message) && message.MustVerify;
}
