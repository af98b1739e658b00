using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>GET /dead-letters.</summary>
internal sealed class DeadLetterListing(
    IEventStore events,
    ITenantStore tenants,
    TenantDirectory directory
)
{
    public async ValueTask<IResult> ListAsync(HttpContext context, TenantId tenant)
    {
        var query = new QueryReader(context.Request.Query);
        var filter = new DeadLetterQuery
        {
            TenantId = tenant,
            EndpointId = query.EndpointId("endpoint_id"),
            EventTypes = query.EventTypes("type"),
            Reasons = query.Reasons("reason"),
            Since = query.Time("since"),
            Until = query.Time("until"),
            Limit = query.Limit(),
        };
        query.RefuseEmptySpan(filter.Since, filter.Until);
        var binding = Cursor.Bind(tenant.Value, "dead-letters", query.Filters);
        var after = query.Cursor(binding, 2 * Cursor.IdBytes);
        if (query.Faults.Any)
        {
            return query.Faults.ToProblem();
        }

        var page = await events.ListDeadLettersAsync(
            after is null ? filter : filter with { After = Position(after) },
            context.RequestAborted
        );
        var next = page.Next is { } last
            ? binding.Write([.. Cursor.Position(last.EventId), .. Cursor.Position(last.EndpointId)])
            : null;
        return Pages.Answer(
            await ItemsAsync(page.Deliveries, context.RequestAborted),
            next,
            ApiJson.Instance.PageBodyDeadLetterBody
        );
    }

    private async ValueTask<IReadOnlyList<DeadLetterBody>> ItemsAsync(
        IReadOnlyList<Delivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        var urls = new EndpointUrls(tenants, directory);
        var items = new DeadLetterBody[deliveries.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var delivery = deliveries[i];
            items[i] = new DeadLetterBody
            {
                EventId = delivery.Key.EventId.ToString(),
                EndpointId = delivery.Key.EndpointId.ToString(),
                Url = await urls.FindAsync(delivery.Key.Endpoint, cancellationToken),
                Attempts = delivery.Attempts,
                LastReason = delivery.LastReason?.ToCode(),
                LastStatusCode = delivery.LastStatusCode,
                LastAttemptAt = delivery.LastAttemptAt,
                DeadLetteredAt = delivery.UpdatedAt,
                EventCreatedAt = CreatedAt(delivery.Key.EventId),
            };
        }

        return items;
    }

    private static DeadLetterPosition Position(ReadOnlySpan<byte> bytes) =>
        new(
            EventId.FromBytes(bytes[..Cursor.IdBytes]),
            EndpointId.FromBytes(bytes[Cursor.IdBytes..])
        );

    /// <summary>
    /// A UUIDv7 begins with 48 bits of Unix milliseconds (RFC 9562), which the event's creation set;
    /// reading them saves reading the event.
    /// </summary>
    private static DateTimeOffset CreatedAt(EventId id)
    {
        Span<byte> bytes = stackalloc byte[Cursor.IdBytes];
        id.WriteBytes(bytes);
        return DateTimeOffset.FromUnixTimeMilliseconds(
            (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16)
        );
    }
}
