namespace WebhookDelivery.Core.Tests;

/// <summary>No jitter: waits are exactly the schedule's.</summary>
internal sealed class FixedJitter : IJitterSource
{
    public double Next() => 0;
}
