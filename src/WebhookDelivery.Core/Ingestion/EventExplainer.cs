namespace WebhookDelivery.Core;

/// <summary>
/// Says of an event why it went, or did not go, to each endpoint of its tenant. It decides nothing anew:
/// what routed is told from the endpoints' versions at the event's routing revision, what followed from
/// the deliveries, and what holds one back from this process's dispatcher. Thread-safe.
/// </summary>
public sealed class EventExplainer(
    IEventStore events,
    ITenantStore tenants,
    Dispatcher dispatcher,
    TimeProvider time
)
{
    /// <summary>For how long before an event an endpoint may have been deleted to be listed still.</summary>
    public static readonly TimeSpan DeletedListedFor = TimeSpan.FromDays(1);

    /// <summary>Explains an event; null if the tenant has no such event.</summary>
    public async ValueTask<EventExplanation?> ExplainAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    )
    {
        // The event first: an endpoint that is created in between came later in any case.
        var stored = await events.FindAsync(tenant, eventId, cancellationToken);
        if (stored is null)
        {
            return null;
        }

        var posted = stored.Event;
        var versions = await tenants.ListEndpointVersionsAsync(
            tenant,
            posted.RoutingRevision,
            cancellationToken
        );
        var pasts = versions
            .GroupBy(each => each.Endpoint.Key.EndpointId)
            .ToDictionary(each => each.Key, each => EndpointPast.Of([.. each], posted));
        var deliveries = stored.Deliveries.ToDictionary(each => each.Key.EndpointId);
        var now = time.GetUtcNow();
        var explained = new List<EndpointExplanation>();
        foreach (var id in pasts.Keys.Union(deliveries.Keys).Order())
        {
            var past = pasts.GetValueOrDefault(id);
            if (deliveries.TryGetValue(id, out var delivery))
            {
                explained.Add(Explain(delivery, past, now));
            }
            else if (IsListed(past!, posted))
            {
                explained.Add(Explain(id, past!, posted));
            }
        }

        return new EventExplanation(stored, explained);
    }

    private EndpointExplanation Explain(Delivery delivery, EndpointPast? past, DateTimeOffset now)
    {
        var standing = delivery.NextAttemptAt is { } due
            ? dispatcher.Standing(delivery.Key, due, now)
            : default;
        var found = DeliveryReasons.Find(delivery, past?.Newest, standing, now);
        return new EndpointExplanation
        {
            EndpointId = delivery.Key.EndpointId,
            Url = past?.Newest.Url,
            Verdict = found.Verdict,
            Reason = found.Reason,
            Detail = found.Detail,
            EndpointVersion = past?.Then?.Version,
            HeldUntil = found.HeldUntil,
            Delivery = delivery,
        };
    }

    private static EndpointExplanation Explain(EndpointId id, EndpointPast past, Event posted)
    {
        var (verdict, detail) = RoutingReasons.Find(past, posted);
        return new EndpointExplanation
        {
            EndpointId = id,
            Url = past.Newest.Url,
            Verdict = verdict,
            Detail = detail,
            EndpointVersion = past.Then?.Version,
        };
    }

    private static bool IsListed(EndpointPast past, Event posted) =>
        past.Newest.DeletedAt is not { } deletedAt
        || deletedAt >= posted.CreatedAt - DeletedListedFor;
}
