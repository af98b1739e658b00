using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The routes about recoveries.</summary>
internal static class RecoveryRouting
{
    private const string Of = "/v1/endpoints/{endpoint_id}";
    private const string All = Of + "/recoveries";
    private const string One = All + "/{recovery_id}";

    private const string Background =
        "It goes on in the background, at a pace that the endpoint bears: read its progress where Location says. With dry_run it only counts, and answers 200.";

    public static void Map(IEndpointRouteBuilder routes, Gate gate, IServiceProvider services)
    {
        var starting = services.GetRequiredService<RecoveryStarting>();
        routes
            .MapPost(Of + "/recover", gate.ForTenant(starting.Of(RecoveryKind.Recover)))
            .Describe(
                Start("recoverEndpoint", "Delivers again what was not delivered.") with
                {
                    Body = typeof(RecoverRequest),
                }
            );
        routes
            .MapPost(Of + "/replay", gate.ForTenant(starting.Of(RecoveryKind.Replay)))
            .Describe(
                Start(
                    "replayToEndpoint",
                    "Delivers events that the endpoint did not get and takes now."
                ) with
                {
                    Body = typeof(ReplayRequest),
                }
            );
        routes
            .MapPost(Of + "/cancel", gate.ForTenant(starting.Of(RecoveryKind.Cancel)))
            .Describe(
                Start("cancelDeliveries", "Cancels what is still to be delivered.") with
                {
                    Body = typeof(CancelDeliveriesRequest),
                    BodyOptional = true,
                }
            );
        MapReading(routes, gate, services.GetRequiredService<RecoveryReading>());
    }

    private static void MapReading(IEndpointRouteBuilder routes, Gate gate, RecoveryReading reading)
    {
        routes
            .MapGet(All, gate.ForTenant(reading.ListAsync))
            .Describe(
                Doc("listRecoveries", "Lists an endpoint's recoveries, newest first.") with
                {
                    Answer = typeof(PageBody<RecoveryBody>),
                    Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
                }
            );
        routes
            .MapGet(One, gate.ForTenant(reading.FindAsync))
            .Describe(
                Doc("getRecovery", "Reads a recovery and how far it has come.") with
                {
                    Answer = typeof(RecoveryBody),
                }
            );
        routes
            .MapDelete(One, gate.ForTenant(reading.StopAsync))
            .Describe(
                Doc("stopRecovery", "Stops a recovery; what it has moved stays moved.") with
                {
                    Description =
                        "While a batch is under way it still says RUNNING, and ends with that batch. One that has ended is left as it is.",
                    Answer = typeof(RecoveryBody),
                    Errors = [ErrorCodes.NotFound, ErrorCodes.RecoveryNotStoppable],
                }
            );
    }

    private static RouteDoc Start(string id, string summary) =>
        Doc(id, summary) with
        {
            Description = Background,
            Status = 202,
            Answer = typeof(RecoveryBody),
            DryRunAnswer = typeof(DryRunBody),
            Errors = [ErrorCodes.NotFound, ErrorCodes.RecoveryLimitReached],
        };

    private static RouteDoc Doc(string id, string summary) =>
        new()
        {
            Id = id,
            Tag = "Recoveries",
            Summary = summary,
            Audience = Audience.Tenant,
            Errors = [ErrorCodes.NotFound],
        };
}
