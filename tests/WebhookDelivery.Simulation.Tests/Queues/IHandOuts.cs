using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Hears which claims a queue hands out, and when each ends.</summary>
internal interface IHandOuts
{
    /// <summary>A claim is handed out.</summary>
    void HandedOut(ClaimedDelivery claim);

    /// <summary>It was completed or postponed.</summary>
    void Ended(ClaimedDelivery claim);
}
