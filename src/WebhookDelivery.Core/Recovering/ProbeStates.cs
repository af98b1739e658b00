namespace WebhookDelivery.Core;

/// <summary>What became of the deliveries that tell how a slice went.</summary>
/// <param name="Through">Delivered.</param>
/// <param name="Young">Not attempted yet, and due for a short while only, or not yet.</param>
/// <param name="Late">Not attempted yet, though due for more than <see cref="DrainPace.LagMax"/>.</param>
/// <param name="Failed">Attempted in vain.</param>
public readonly record struct ProbeStates(int Through, int Young, int Late, int Failed)
{
    /// <summary>All of them; those that say nothing any more are not counted.</summary>
    public int Total => Through + Young + Late + Failed;

    /// <summary>Counts one more, as its delivery is now.</summary>
    /// <param name="probe">What was started.</param>
    /// <param name="delivery">How it stands; null if it is no more.</param>
    /// <param name="now">When.</param>
    public ProbeStates With(RecoveryProbe probe, Delivery? delivery, DateTimeOffset now)
    {
        if (delivery is null || delivery.Generation != probe.Generation)
        {
            return this;
        }

        if (delivery.Status == DeliveryStatus.Delivered)
        {
            return this with { Through = Through + 1 };
        }

        if (delivery.Status.IsOpen() && delivery.GenerationAttempts == probe.Attempts)
        {
            return now - probe.DueAt > DrainPace.LagMax
                ? this with
                {
                    Late = Late + 1,
                }
                : this with
                {
                    Young = Young + 1,
                };
        }

        return delivery.Status is DeliveryStatus.Failed or DeliveryStatus.DeadLetter
            ? this with
            {
                Failed = Failed + 1,
            }
            : this;
    }
}
