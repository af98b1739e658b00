using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>The routes about dead letters.</summary>
internal static class DeadLetterRouting
{
    private const string Tag = "Dead letters";

    public static void Map(IEndpointRouteBuilder routes, Gate gate, IServiceProvider services)
    {
        var listing = services.GetRequiredService<DeadLetterListing>();
        routes
            .MapGet("/v1/dead-letters", gate.ForTenant(listing.ListAsync))
            .Describe(
                new RouteDoc
                {
                    Id = "listDeadLetters",
                    Tag = Tag,
                    Summary = "Lists dead letters, newest event first.",
                    Audience = Audience.Tenant,
                    Answer = typeof(PageBody<DeadLetterBody>),
                    Parameters =
                    [
                        ParameterDoc.EndpointId,
                        ParameterDoc.EventTypePattern,
                        ParameterDoc.Reasons,
                        ParameterDoc.Since,
                        ParameterDoc.Until,
                        ParameterDoc.Limit,
                        ParameterDoc.Cursor,
                    ],
                }
            );
        var requeueing = services.GetRequiredService<DeadLetterRequeueing>();
        routes
            .MapPost("/v1/dead-letters/requeue", gate.ForTenant(requeueing.RequeueAsync))
            .Describe(
                Requeue(
                    "requeueDeadLetters",
                    "Makes dead letters pending again, each with its schedule anew.",
                    Audience.Tenant,
                    typeof(RequeueRequest)
                )
            );
        routes
            .MapPost(
                "/v1/admin/dead-letters/requeue",
                gate.ForOperator(requeueing.RequeueForOperatorAsync)
            )
            .Describe(
                Requeue(
                    "requeueAllDeadLetters",
                    "Makes dead letters of all tenants pending again, or of one.",
                    Audience.Operator,
                    typeof(OperatorRequeueRequest)
                )
            );
    }

    private static RouteDoc Requeue(string id, string summary, Audience audience, Type body) =>
        new()
        {
            Id = id,
            Tag = Tag,
            Summary = summary,
            Description =
                "What is named must exist: another id answers not_found. A deleted endpoint still does; its dead letters are counted as failed.",
            Audience = audience,
            Body = body,
            BodyOptional = true,
            Answer = typeof(RequeueBody),
            Errors = [ErrorCodes.NotFound],
        };
}
