using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Reading, and deleting what is to be kept no longer.</summary>
internal sealed partial class SimulatedEventStore
{
    public ValueTask<StoredEvent?> FindAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => link.CallAsync("find", tenant, () => events.Find(tenant, eventId)?.Read(true));

    public ValueTask<ReadOnlyMemory<byte>?> FindPayloadAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) => link.CallAsync("find-payload", tenant, () => events.Find(tenant, eventId)?.Event.Payload);

    public ValueTask<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken) =>
        link.CallAsync(
            "list",
            query.TenantId,
            () =>
            {
                var found = events
                    .NewestFirst(query.TenantId)
                    .Where(each =>
                        query.Before is null || each.Event.Id.CompareTo(query.Before.Value) < 0
                    )
                    .Where(each => IsAsked(each, query))
                    .Take(query.Limit + 1)
                    .ToList();
                var page = found.Take(query.Limit).Select(each => each.Read(false)).ToList();
                return new EventPage(page, found.Count > page.Count ? page[^1].Event.Id : null);
            }
        );

    public ValueTask<IReadOnlyList<Attempt>> ListAttemptsAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync<IReadOnlyList<Attempt>>(
            "list-attempts",
            tenant,
            () =>
                [.. (events.Find(tenant, eventId)?.Attempts ?? []).OrderBy(each => each.StartedAt)]
        );

    public ValueTask<DeadLetterPage> ListDeadLettersAsync(
        DeadLetterQuery query,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "list-dead",
            query.TenantId,
            () =>
            {
                var found = events
                    .NewestFirst(query.TenantId)
                    .Where(each => IsWithin(each.Event, query.Since, query.Until))
                    .Where(each => query.EventTypes.Matches(each.Event.Type))
                    .SelectMany(each => each.Deliveries)
                    .Select(each => each.Value)
                    .Where(each => each.Status == DeliveryStatus.DeadLetter && query.Accepts(each))
                    .Where(each => query.After is not { } after || IsAfter(each.Key, after))
                    .Take(query.Limit + 1)
                    .ToList();
                var page = found.Take(query.Limit).ToList();
                return new DeadLetterPage(
                    page,
                    found.Count > page.Count
                        ? new DeadLetterPosition(page[^1].Key.EventId, page[^1].Key.EndpointId)
                        : null
                );
            }
        );

    public ValueTask<DeliveryPage> ListDeliveriesAsync(
        DeliveryQuery query,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "list-deliveries",
            query.TenantId,
            () =>
            {
                var found = events
                    .NewestFirst(query.TenantId)
                    .Reverse()
                    .Where(each =>
                        query.After is not { } after || each.Event.Id.CompareTo(after) > 0
                    )
                    .Where(each => IsWithin(each.Event, query.Since, query.Until))
                    .SelectMany(each => each.Deliveries)
                    .Where(each => each.Key.EndpointId == query.EndpointId)
                    .Where(each => query.Accepts(each.Value, each.Record.Event.Type))
                    .Select(each => each.Value)
                    .Take(query.Limit + 1)
                    .ToList();
                var page = found.Take(query.Limit).ToList();
                return new DeliveryPage(
                    page,
                    found.Count > page.Count ? page[^1].Key.EventId : null
                );
            }
        );

    public ValueTask<bool> IsDueAsync(
        DeliveryKey key,
        DeliveryFence fence,
        CancellationToken cancellationToken
    ) => link.CallAsync("is-due", key.TenantId, () => events.Find(key)?.IsAt(fence) == true);

    public ValueTask<int> DeleteExpiredAsync(
        Retention retention,
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "expire",
            null,
            () =>
            {
                var gone = events.All.Where(each => IsOver(each, retention, now)).Take(limit);
                var deleted = events.Delete([.. gone]);
                deleted += events.DeleteKeys((_, key) => key.ExpiresAt <= now);
                var oldest = now - retention.Statistics - TimeSpan.FromHours(1);
                return deleted + events.Statistics.DeleteUntil(oldest, limit);
            }
        );

    public ValueTask<int> EraseAsync(
        TenantId tenant,
        int limit,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "erase",
            tenant,
            () =>
            {
                events.DeleteKeys((owner, _) => owner == tenant);
                var deleted = events.Delete([.. events.NewestFirst(tenant).Take(limit)]);
                return deleted > 0 ? deleted : events.Statistics.Delete(tenant, limit);
            }
        );

    private static bool IsOver(StoredRecord record, Retention retention, DateTimeOffset now)
    {
        var deliveries = record.Deliveries;
        if (deliveries.Any(each => each.IsOpen))
        {
            return false;
        }

        var isDead =
            deliveries.Count > 0
            && deliveries.All(each => each.Value.Status == DeliveryStatus.DeadLetter);
        return record.UpdatedAt + (isDead ? retention.DeadLetters : retention.Events) <= now;
    }

    private static bool IsAsked(StoredRecord record, EventQuery query) =>
        (query.Type is null || query.Type == record.Event.Type)
        && IsWithin(record.Event, query.Since, query.Until)
        && (
            (query.Status is null && query.EndpointId is null)
            || record.Deliveries.Any(each =>
                (query.Status ?? each.Value.Status) == each.Value.Status
                && (query.EndpointId ?? each.Key.EndpointId) == each.Key.EndpointId
            )
        );

    private static bool IsWithin(Event @event, DateTimeOffset? since, DateTimeOffset? until) =>
        (since is null || @event.CreatedAt >= since) && (until is null || @event.CreatedAt < until);

    private static bool IsAfter(DeliveryKey key, DeadLetterPosition position)
    {
        var order = position.EventId.CompareTo(key.EventId);
        return order > 0 || (order == 0 && key.EndpointId.CompareTo(position.EndpointId) > 0);
    }
}
