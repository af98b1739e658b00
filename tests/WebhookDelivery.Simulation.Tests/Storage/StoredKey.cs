using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What an idempotency key stands for.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Endpoints">Where it goes.</param>
/// <param name="BodyHash">Of what was posted.</param>
/// <param name="ExpiresAt">Until when, exclusive.</param>
/// <param name="IsSettled">Whether it only replays from here on.</param>
internal sealed record StoredKey(
    EventId EventId,
    IReadOnlyList<EndpointId> Endpoints,
    ReadOnlyMemory<byte> BodyHash,
    DateTimeOffset ExpiresAt,
    bool IsSettled
);
