using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Starting deliveries anew, adding and resuming them, and cancelling one.</summary>
internal sealed partial class SimulatedEventStore
{
    public ValueTask<DueDelivery?> RestartAsync(
        DeliveryRestart restart,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "restart",
            restart.Key.TenantId,
            () =>
                events.Find(restart.Key) is { } delivery
                && restart.Applies(delivery.Value.Status, delivery.Value.Generation)
                    ? Restart(delivery, restart)
                    : null
        );

    public ValueTask<DueDelivery?> AddDeliveryAsync(
        DeliveryKey key,
        EventSource source,
        bool park,
        DateTimeOffset dueAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "add-delivery",
            key.TenantId,
            () =>
            {
                var added = events.Add(
                    new Delivery
                    {
                        Key = key,
                        Status = park ? DeliveryStatus.Parked : DeliveryStatus.Pending,
                        Generation = 1,
                        GenerationAttempts = 0,
                        Attempts = 0,
                        NextAttemptAt = park ? null : Milliseconds.Floor(dueAt),
                        LastReason = park ? ReasonCode.EndpointDisabled : null,
                        Source = source,
                        UpdatedAt = Milliseconds.Floor(now),
                    }
                );
                if (added is null)
                {
                    return null;
                }

                added.IsBacklog = source.IsBacklog();
                if (!park)
                {
                    restarted?.Invoke(key, 1, dueAt - now);
                }

                return added.ToDue(Milliseconds.Floor(dueAt), carriesPayloads);
            }
        );

    public ValueTask<bool> CancelDeliveryAsync(
        DeliveryKey key,
        int? generation,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "cancel-one",
            key.TenantId,
            () =>
            {
                if (
                    events.Find(key) is not { } delivery
                    || !(delivery.IsOpen || delivery.Value.Status == DeliveryStatus.Parked)
                    || (generation is not null && generation != delivery.Value.Generation)
                )
                {
                    return false;
                }

                Close(delivery, DeliveryStatus.Cancelled, reason, now);
                cancelled?.Invoke(key, delivery.Value.Generation);
                return true;
            }
        );

    public ValueTask<IReadOnlyList<DueDelivery>> ResumeAsync(
        EndpointKey endpoint,
        int limit,
        DuePace pace,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync<IReadOnlyList<DueDelivery>>(
            "resume",
            endpoint.TenantId,
            () =>
                [
                    .. events
                        .Of(endpoint)
                        .Where(each => each.Value.Status == DeliveryStatus.Parked)
                        .Take(limit)
                        .ToList()
                        .Select((each, i) => Resume(each, pace.At(i), pace.From)),
                ]
        );

    private DueDelivery Resume(StoredDelivery delivery, DateTimeOffset dueAt, DateTimeOffset now)
    {
        delivery.Value = delivery.Value with
        {
            Status = DeliveryStatus.Pending,
            NextAttemptAt = Milliseconds.Floor(dueAt),
            UpdatedAt = Milliseconds.Floor(now),
        };
        delivery.IsBacklog = true;
        return delivery.ToDue(Milliseconds.Floor(dueAt), carriesPayloads);
    }

    private DueDelivery Restart(StoredDelivery delivery, DeliveryRestart asked)
    {
        var park = asked.Park;
        delivery.Value = delivery.Value with
        {
            Status = park ? DeliveryStatus.Parked : DeliveryStatus.Pending,
            Generation = delivery.Value.Generation + 1,
            GenerationAttempts = 0,
            NextAttemptAt = park ? null : Milliseconds.Floor(asked.DueAt),
            LastReason = park ? ReasonCode.EndpointDisabled : delivery.Value.LastReason,
            Source = asked.Source,
            UpdatedAt = Milliseconds.Floor(asked.Now),
        };
        delivery.IsBacklog = asked.Source.IsBacklog();
        if (!park)
        {
            restarted?.Invoke(asked.Key, delivery.Value.Generation, asked.DueAt - asked.Now);
        }

        return delivery.ToDue(asked.DueAt, carriesPayloads);
    }
}
