using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The routes about events.</summary>
internal static class EventRouting
{
    private const string Tag = "Events";
    private const string One = "/v1/events/{event_id}";

    public static void Map(IEndpointRouteBuilder routes, Gate gate, IServiceProvider services)
    {
        var intake = services.GetRequiredService<EventIntake>();
        routes.MapPost("/v1/events", intake.HandleAsync).Describe(Post("postEvent"));
        routes.MapPost("/events", intake.HandleAsync).Describe(Post("postEventAlias"));
        MapReading(routes, gate, services.GetRequiredService<EventReading>());
        MapExplaining(routes, gate, services.GetRequiredService<EventExplaining>());
        var redelivery = services.GetRequiredService<EventRedelivery>();
        routes
            .MapPost(One + "/redeliver", gate.ForTenant(redelivery.RedeliverAsync))
            .Describe(
                new RouteDoc
                {
                    Id = "redeliverEvent",
                    Tag = Tag,
                    Summary = "Delivers an event again, whatever became of it.",
                    Audience = Audience.Tenant,
                    Body = typeof(RedeliverRequest),
                    BodyOptional = true,
                    Status = 202,
                    Answer = typeof(RedeliveryBody),
                    Errors =
                    [
                        ErrorCodes.NotFound,
                        ErrorCodes.NothingToDeliver,
                        ErrorCodes.RedeliveryLimitReached,
                    ],
                }
            );
    }

    private static void MapReading(IEndpointRouteBuilder routes, Gate gate, EventReading reading)
    {
        routes
            .MapGet("/v1/events", gate.ForTenant(reading.ListAsync))
            .Describe(
                Get(
                    "listEvents",
                    "Lists events, newest first.",
                    typeof(PageBody<EventItemBody>)
                ) with
                {
                    Errors = [],
                    Parameters =
                    [
                        ParameterDoc.Status,
                        ParameterDoc.EventType,
                        ParameterDoc.EndpointId,
                        ParameterDoc.Since,
                        ParameterDoc.Until,
                        ParameterDoc.Limit,
                        ParameterDoc.Cursor,
                    ],
                }
            );
        routes
            .MapGet(One, gate.ForTenant(reading.FindAsync))
            .Describe(
                Get(
                    "getEvent",
                    "Reads an event with its payload and deliveries.",
                    typeof(EventBody)
                )
            );
        routes
            .MapGet(One + "/payload", gate.ForTenant(reading.FindPayloadAsync))
            .Describe(Get("getEventPayload", "Reads a payload's exact bytes.", typeof(RawJson)));
        routes
            .MapGet(One + "/attempts", gate.ForTenant(reading.ListAttemptsAsync))
            .Describe(
                Get(
                    "listAttempts",
                    "Lists every attempt to deliver an event, oldest first.",
                    typeof(PageBody<AttemptBody>)
                ) with
                {
                    Description =
                        "Attempts are listed by when they began and appear when they end: one that ends late may come to stand before a page that was read already.",
                    Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
                }
            );
    }

    private static void MapExplaining(
        IEndpointRouteBuilder routes,
        Gate gate,
        EventExplaining explaining
    ) =>
        routes
            .MapGet(One + "/explain", gate.ForTenant(explaining.ExplainAsync))
            .Describe(
                Get(
                    "explainEvent",
                    "Says of every endpoint why it got an event or did not, and what comes next.",
                    typeof(ExplanationBody)
                ) with
                {
                    Description =
                        "Routing is explained by the endpoints as they were when the event was routed, deliveries by where they stand now. What holds a due delivery back is what the server that answers knows of: with several servers another one may hold it, and it shows as waiting or retrying.",
                }
            );

    private static RouteDoc Post(string id) =>
        new()
        {
            Id = id,
            Tag = Tag,
            Summary =
                "Accepts an event: once answered 201 it is durable and will be delivered or dead-lettered.",
            Description =
                $"The body is the payload and is delivered byte for byte: one JSON object in UTF-8, nested at most {PayloadInspector.DepthMax} levels deep. The event's type is the ce-type header; without it, the first of the payload's top-level type, event_type, event that is a string of 1 to {EventTypeFilter.TypeLengthMax} printable ASCII characters, no space first or last. Others are passed over; an event needs no type.",
            Audience = Audience.Tenant,
            Body = typeof(RawJson),
            Status = 201,
            Answer = typeof(AcceptedBody),
            Errors =
            [
                ErrorCodes.InvalidPayload,
                ErrorCodes.InvalidEventType,
                ErrorCodes.InvalidIdempotencyKey,
                ErrorCodes.IdempotencyKeyReused,
            ],
            Parameters =
            [
                ParameterDoc.EventTypeHeader,
                ParameterDoc.IdempotencyKey,
                ParameterDoc.TraceParent,
            ],
        };

    private static RouteDoc Get(string id, string summary, Type answer) =>
        new()
        {
            Id = id,
            Tag = Tag,
            Summary = summary,
            Audience = Audience.Tenant,
            Answer = answer,
            Errors = [ErrorCodes.NotFound],
        };
}
