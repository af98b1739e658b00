using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Jitter from the seed, both ends of its range among it.</summary>
internal sealed class SeededJitter(Random random) : IJitterSource
{
    public double Next() =>
        random.Next(8) switch
        {
            0 => -1,
            1 => 1,
            _ => (random.NextDouble() * 2) - 1,
        };
}
