using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The routes that read a tenant's events.</summary>
internal sealed class EventReading(
    IEventStore events,
    ITenantStore tenants,
    TenantDirectory directory
)
{
    private const string List = "events";

    public async ValueTask<IResult> ListAsync(HttpContext context, TenantId tenant)
    {
        var query = new QueryReader(context.Request.Query);
        var filter = new EventQuery
        {
            TenantId = tenant,
            Status = query.DeliveryStatus("status"),
            Type = query.EventType("type"),
            EndpointId = query.EndpointId("endpoint_id"),
            Since = query.Time("since"),
            Until = query.Time("until"),
            Limit = query.Limit(),
        };
        query.RefuseEmptySpan(filter.Since, filter.Until);
        var binding = Cursor.Bind(tenant.Value, List, query.Filters);
        var after = query.Cursor(binding, Cursor.IdBytes);
        if (query.Faults.Any)
        {
            return query.Faults.ToProblem();
        }

        var page = await events.ListAsync(
            after is null ? filter : filter with { Before = EventId.FromBytes(after) },
            context.RequestAborted
        );
        var next = page.Next is { } last ? binding.Write(Cursor.Position(last)) : null;
        return Pages.Answer(
            await ItemsAsync(page.Events, context.RequestAborted),
            next,
            ApiJson.Instance.PageBodyEventItemBody
        );
    }

    public async ValueTask<IResult> FindAsync(HttpContext context, TenantId tenant)
    {
        if (
            !EventId.TryParse(RouteIds.Text(context, RouteIds.Event), out var id)
            || await events.FindAsync(tenant, id, context.RequestAborted) is not { } stored
        )
        {
            return Problems.NoEvent;
        }

        var body = new EventBody
        {
            EventId = id.ToString(),
            Type = stored.Event.Type,
            Status = stored.Status.ToCode(),
            Source = stored.Event.Source.ToCode(),
            CreatedAt = stored.Event.CreatedAt,
            Payload = new RawJson(stored.Event.Payload),
            Deliveries = await DeliveryBody.AllOfAsync(
                stored,
                new EndpointUrls(tenants, directory),
                context.RequestAborted
            ),
        };
        return new JsonAnswer<EventBody>(StatusCodes.Status200OK, body, ApiJson.Instance.EventBody);
    }

    public async ValueTask<IResult> FindPayloadAsync(HttpContext context, TenantId tenant) =>
        EventId.TryParse(RouteIds.Text(context, RouteIds.Event), out var id)
        && await events.FindPayloadAsync(tenant, id, context.RequestAborted) is { } payload
            ? new PayloadAnswer(payload)
            : Problems.NoEvent;

    public async ValueTask<IResult> ListAttemptsAsync(HttpContext context, TenantId tenant)
    {
        if (
            !EventId.TryParse(RouteIds.Text(context, RouteIds.Event), out var id)
            || await events.FindAsync(tenant, id, context.RequestAborted) is null
        )
        {
            return Problems.NoEvent;
        }

        var query = new QueryReader(context.Request.Query);
        var limit = query.Limit();
        var binding = Cursor.Bind(tenant.Value, $"attempts of {id}", query.Filters);
        var after = AttemptPosition.Read(query.Cursor(binding, AttemptPosition.Bytes));
        if (query.Faults.Any)
        {
            return query.Faults.ToProblem();
        }

        var attempts = await events.ListAttemptsAsync(tenant, id, context.RequestAborted);
        var start = after?.Index(attempts) ?? 0;
        var (page, more) = Pages.Take(attempts.Skip(start), limit);
        var next = more
            ? binding.Write(AttemptPosition.After(attempts, start + page.Count).ToBytes())
            : null;
        return Pages.Answer(
            [.. page.Select(AttemptBody.Of)],
            next,
            ApiJson.Instance.PageBodyAttemptBody
        );
    }

    private async ValueTask<IReadOnlyList<EventItemBody>> ItemsAsync(
        IReadOnlyList<StoredEvent> page,
        CancellationToken cancellationToken
    )
    {
        var urls = new EndpointUrls(tenants, directory);
        var items = new EventItemBody[page.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var stored = page[i];
            items[i] = new EventItemBody
            {
                EventId = stored.Event.Id.ToString(),
                Type = stored.Event.Type,
                Status = stored.Status.ToCode(),
                Source = stored.Event.Source.ToCode(),
                CreatedAt = stored.Event.CreatedAt,
                Deliveries = await DeliveryBody.AllOfAsync(stored, urls, cancellationToken),
            };
        }

        return items;
    }
}
