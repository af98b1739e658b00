using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>The port to events, over a link that may fail.</summary>
/// <param name="events">What is committed.</param>
/// <param name="link">The way there.</param>
/// <param name="carriesPayloads">Whether what is started anew carries its payload, or the runner reads it.</param>
/// <param name="restarted">Is told of each that starts anew or is added, and how long it waits; null for nobody.</param>
/// <param name="cancelled">Is told of each that is cancelled by itself, with its generation; null for nobody.</param>
internal sealed partial class SimulatedEventStore(
    EventTable events,
    IStoreLink link,
    bool carriesPayloads,
    Action<DeliveryKey, int, TimeSpan>? restarted = null,
    Action<DeliveryKey, int>? cancelled = null
) : IEventStore
{
    public async ValueTask<AppendResult> AppendAsync(
        EventAppend append,
        CancellationToken cancellationToken
    )
    {
        var tenant = append.Event.TenantId;
        if (events.SettlesAtOnce || append.Idempotency is null)
        {
            return await link.CallAsync(
                "append",
                tenant,
                () => events.Claim(append) ?? events.Insert(append.Event, append.Endpoints)
            );
        }

        var claimed = await link.CallAsync("claim-key", tenant, () => events.Claim(append));
        var (id, endpoints) = claimed switch
        {
            null => (append.Event.Id, append.Endpoints),
            AppendResult.Appended first => (first.EventId, first.Endpoints),
            _ => default,
        };
        return endpoints is null
            ? claimed!
            : await link.CallAsync(
                "append",
                tenant,
                () => events.Insert(append.Event with { Id = id }, endpoints)
            );
    }

    public async ValueTask SettleAsync(
        TenantId tenant,
        IdempotencyClaim claim,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        if (!events.SettlesAtOnce)
        {
            await link.CallAsync(
                "settle-key",
                tenant,
                () =>
                {
                    events.Settle(tenant, claim, eventId);
                    return true;
                }
            );
        }
    }

    public ValueTask<bool> RecordAttemptAsync(
        Attempt attempt,
        DeliveryTransition transition,
        CancellationToken cancellationToken
    ) => link.CallAsync("record", attempt.Key.TenantId, () => Record(attempt, transition));

    public ValueTask<bool> SetAsideAsync(
        DeliveryKey key,
        DeliveryFence fence,
        DeliveryStatus status,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "set-aside",
            key.TenantId,
            () =>
            {
                if (events.Find(key) is not { } delivery || !delivery.IsAt(fence))
                {
                    return false;
                }

                Close(delivery, status, reason, now);
                return true;
            }
        );

    public ValueTask<int> CancelAsync(
        EndpointKey endpoint,
        int limit,
        ReasonCode reason,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        link.CallAsync(
            "cancel",
            endpoint.TenantId,
            () =>
            {
                var wanted = events
                    .Of(endpoint)
                    .Where(each => each.IsOpen || each.Value.Status == DeliveryStatus.Parked)
                    .Take(limit)
                    .ToList();
                wanted.ForEach(each => Close(each, DeliveryStatus.Cancelled, reason, now));
                return wanted.Count;
            }
        );

    private bool Record(Attempt attempt, DeliveryTransition transition)
    {
        if (events.Find(attempt.Key) is not { } delivery)
        {
            return false;
        }

        delivery.Record.Attempts.Add(attempt);
        if (
            !delivery.IsOpen
            || delivery.Value.Generation != attempt.Generation
            || delivery.Value.GenerationAttempts != attempt.Number - 1
        )
        {
            return false;
        }

        delivery.Value = delivery.Value with
        {
            Status = transition.Status,
            GenerationAttempts = attempt.Number,
            Attempts = delivery.Value.Attempts + 1,
            NextAttemptAt = Milliseconds.Floor(transition.NextAttemptAt),
            LastAttemptAt = Milliseconds.Floor(attempt.StartedAt),
            LastStatusCode = attempt.Outcome.StatusCode,
            LastReason = attempt.Outcome.Reason,
            UpdatedAt = Milliseconds.Floor(attempt.StartedAt + attempt.Outcome.Duration),
        };
        return true;
    }

    private static void Close(
        StoredDelivery delivery,
        DeliveryStatus status,
        ReasonCode reason,
        DateTimeOffset now
    ) =>
        delivery.Value = delivery.Value with
        {
            Status = status,
            NextAttemptAt = null,
            LastReason = reason,
            UpdatedAt = Milliseconds.Floor(now),
        };
}
