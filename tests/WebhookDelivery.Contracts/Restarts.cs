using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>Starts deliveries anew as a redelivery at once does.</summary>
public static class Restarts
{
    /// <summary>Starts a delivery's next generation, due now.</summary>
    /// <param name="store">Where.</param>
    /// <param name="key">Which delivery.</param>
    /// <param name="onlyFrom">Only from this status; null for any.</param>
    /// <param name="generation">Only from this generation; null for any.</param>
    /// <param name="park">Whether it is parked instead.</param>
    /// <param name="now">The time now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static ValueTask<DueDelivery?> RestartAsync(
        this IEventStore store,
        DeliveryKey key,
        DeliveryStatus? onlyFrom,
        int? generation,
        bool park,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        store.RestartAsync(
            new DeliveryRestart
            {
                Key = key,
                OnlyFrom = onlyFrom is { } from
                    ? new HashSet<DeliveryStatus> { from }
                    : new HashSet<DeliveryStatus>(),
                Generation = generation,
                Park = park,
                Source = EventSource.Redeliver,
                DueAt = now,
                Now = now,
            },
            cancellationToken
        );
}
