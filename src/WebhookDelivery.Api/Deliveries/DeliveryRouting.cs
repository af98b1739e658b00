using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>The routes about single deliveries.</summary>
internal static class DeliveryRouting
{
    public static void Map(IEndpointRouteBuilder routes, Gate gate, IServiceProvider services)
    {
        var listing = services.GetRequiredService<DeliveryListing>();
        routes
            .MapGet("/v1/deliveries", gate.ForTenant(listing.ListAsync))
            .Describe(
                new RouteDoc
                {
                    Id = "listDeliveries",
                    Tag = "Deliveries",
                    Summary = "Lists one endpoint's deliveries, oldest event first.",
                    Description =
                        "A page may be short or empty although more follow: only a null next_cursor ends the list.",
                    Audience = Audience.Tenant,
                    Answer = typeof(PageBody<DeliveryItemBody>),
                    Errors = [ErrorCodes.NotFound],
                    Parameters =
                    [
                        ParameterDoc.OneEndpointId,
                        ParameterDoc.DeliveryStatuses,
                        ParameterDoc.EventTypePattern,
                        ParameterDoc.Reasons,
                        ParameterDoc.Since,
                        ParameterDoc.Until,
                        ParameterDoc.Limit,
                        ParameterDoc.Cursor,
                    ],
                }
            );
        var cancellation = services.GetRequiredService<EventCancellation>();
        routes
            .MapPost("/v1/events/{event_id}/cancel", gate.ForTenant(cancellation.CancelAsync))
            .Describe(
                new RouteDoc
                {
                    Id = "cancelEvent",
                    Tag = "Events",
                    Summary = "Cancels an event's deliveries that are pending, failed or parked.",
                    Description =
                        "An attempt under way is not stopped: it is recorded, and changes nothing. A cancelled delivery can be redelivered.",
                    Audience = Audience.Tenant,
                    Body = typeof(CancelRequest),
                    BodyOptional = true,
                    Answer = typeof(CancellationBody),
                    Errors = [ErrorCodes.NotFound, ErrorCodes.NothingToCancel],
                }
            );
    }
}
