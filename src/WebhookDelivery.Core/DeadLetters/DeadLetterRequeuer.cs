namespace WebhookDelivery.Core;

/// <summary>
/// Makes dead letters PENDING again, each with its schedule anew. Thread-safe: what two requeues at
/// once both want is requeued by one of them and counted once.
/// </summary>
public sealed class DeadLetterRequeuer(
    ITenantStore tenants,
    TenantDirectory directory,
    IEventStore store,
    IDeliveryQueue queue,
    TimeProvider time,
    DeliveryOptions options
)
{
    private const int PageSize = 200;
    private const int Together = 32;

    private static readonly HashSet<DeliveryStatus> DeadOnly = [DeliveryStatus.DeadLetter];

    /// <summary>
    /// What cannot be requeued stays, newest first: it is stepped over, but not without end in one call.
    /// </summary>
    private const int FailedMax = 10_000;

    /// <summary>Requeues what the filter names, newest event first within a tenant.</summary>
    public async ValueTask<RequeueResult> RequeueAsync(
        RequeueFilter filter,
        CancellationToken cancellationToken
    )
    {
        if (filter.TenantId is { } only)
        {
            return await RequeueTenantAsync(only, filter, filter.MaxMessages, cancellationToken);
        }

        var total = new RequeueResult(0, 0);
        TenantId? after = null;
        while (true)
        {
            var page = await tenants.ListAsync(after, PageSize, cancellationToken);
            foreach (var tenant in page.Where(tenant => tenant.DeletedAt is null))
            {
                var room = filter.MaxMessages - total.Requeued;
                if (room <= 0)
                {
                    return total;
                }

                var one = await RequeueTenantAsync(tenant.Id, filter, room, cancellationToken);
                total = new(total.Requeued + one.Requeued, total.Failed + one.Failed);
            }

            if (page.Count < PageSize)
            {
                return total;
            }

            after = page[^1].Id;
        }
    }

    private async ValueTask<RequeueResult> RequeueTenantAsync(
        TenantId tenant,
        RequeueFilter filter,
        int max,
        CancellationToken cancellationToken
    )
    {
        var (requeued, failed) = (0, 0);
        DeadLetterPosition? after = null;
        do
        {
            var page = await store.ListDeadLettersAsync(
                new DeadLetterQuery
                {
                    TenantId = tenant,
                    EndpointId = filter.EndpointId,
                    EventTypes = filter.EventTypes,
                    Reasons = filter.Reasons,
                    Since = filter.Since,
                    Until = filter.Until,
                    Limit = Math.Min(PageSize, max - requeued),
                    After = after,
                },
                cancellationToken
            );
            foreach (var chunk in page.Deliveries.Chunk(Together))
            {
                // Together, so that they share commits. Null: somebody else requeued or redelivered it
                // in between, which is theirs to count.
                var results = await Task.WhenAll(
                    chunk.Select(each => RequeueOneAsync(each, cancellationToken).AsTask())
                );
                requeued += results.Count(result => result is true);
                failed += results.Count(result => result is false);
            }

            after = page.Next;
        } while (after is not null && requeued < max && failed < FailedMax);

        return new(requeued, failed);
    }

    /// <summary>True: requeued. False: cannot be. Null: it is no longer that dead letter.</summary>
    private async ValueTask<bool?> RequeueOneAsync(
        Delivery delivery,
        CancellationToken cancellationToken
    )
    {
        var view = await directory.FindAsync(delivery.Key.TenantId, cancellationToken);
        if (
            view is null
            || !view.TryFind(delivery.Key.EndpointId, out var opened)
            || delivery.Generation >= options.GenerationsMax
        )
        {
            return false;
        }

        var now = time.GetUtcNow();
        var due = await store.RestartAsync(
            new DeliveryRestart
            {
                Key = delivery.Key,
                OnlyFrom = DeadOnly,
                Generation = delivery.Generation,
                Park = opened.Endpoint.Disabled,
                Source = EventSource.Redeliver,
                DueAt = now,
                Now = now,
            },
            cancellationToken
        );
        if (due is null)
        {
            return null;
        }

        if (!opened.Endpoint.Disabled)
        {
            await queue.EnqueueAsync([due], CancellationToken.None);
        }

        return true;
    }
}
