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
    TimeProvider time
)
{
    private const int PageSize = 200;

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
                var room = filter.MaxMessages - total.Requeued - total.Failed;
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
                    Since = filter.Since,
                    Until = filter.Until,
                    Limit = Math.Min(PageSize, max - requeued - failed),
                    After = after,
                },
                cancellationToken
            );
            foreach (var delivery in page.Deliveries)
            {
                switch (await RequeueOneAsync(delivery, cancellationToken))
                {
                    case true:
                        requeued++;
                        break;
                    case false:
                        failed++;
                        break;
                    default:
                        // Somebody else requeued or redelivered it in between: theirs to count.
                        break;
                }
            }

            after = page.Next;
        } while (after is not null && requeued + failed < max);

        return new(requeued, failed);
    }

    /// <summary>True: requeued. False: cannot be. Null: it is no longer that dead letter.</summary>
    private async ValueTask<bool?> RequeueOneAsync(
        Delivery delivery,
        CancellationToken cancellationToken
    )
    {
        var view = await directory.FindAsync(delivery.Key.TenantId, cancellationToken);
        if (view is null || !view.TryFind(delivery.Key.EndpointId, out var opened))
        {
            return false;
        }

        var due = await store.RestartAsync(
            delivery.Key,
            DeliveryStatus.DeadLetter,
            delivery.Generation,
            park: opened.Endpoint.Disabled,
            time.GetUtcNow(),
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
