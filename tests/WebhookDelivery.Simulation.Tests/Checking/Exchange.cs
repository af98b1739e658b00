using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>One request that reached the world outside.</summary>
/// <param name="host">Who made it.</param>
/// <param name="key">Of which delivery.</param>
/// <param name="number">The attempt's number, as the receiver was told.</param>
/// <param name="generation">Its generation; null where claims of several are held.</param>
/// <param name="began">When.</param>
/// <param name="startedAt">The same on the process's clock.</param>
internal sealed class Exchange(
    Host host,
    DeliveryKey key,
    int number,
    int? generation,
    TimeSpan began,
    DateTimeOffset startedAt
)
{
    public Host Host => host;

    public DeliveryKey Key => key;

    public int Number => number;

    public int? Generation => generation;

    public TimeSpan Began => began;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>When it was over; null before, and for ever if its process died.</summary>
    public TimeSpan? Ended { get; set; }

    public AttemptOutcome? Outcome { get; set; }

    /// <summary>Its process gave it up.</summary>
    public bool IsCut { get; set; }

    public override string ToString() =>
        $"attempt {number} (generation {generation}) of {key.EventId} to {key.EndpointId} by process {host.Process.Number} at {began}";
}
