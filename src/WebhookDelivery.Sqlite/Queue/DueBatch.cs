using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>What reading an endpoint's due deliveries found.</summary>
/// <param name="Deliveries">Due ones that memory did not hold, by due time.</param>
/// <param name="More">Whether further ones are due.</param>
/// <param name="NextDueMs">When the next one falls due that is not due yet; unknown if there are more.</param>
/// <param name="Through">Where the read ended, with nothing before it left out; null for unknown.</param>
internal sealed record DueBatch(
    IReadOnlyList<DueDelivery> Deliveries,
    bool More,
    long NextDueMs,
    DuePosition? Through = null
);
