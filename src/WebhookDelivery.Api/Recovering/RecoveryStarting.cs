using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>POST /endpoints/{endpoint_id}/recover, …/replay and …/cancel.</summary>
internal sealed class RecoveryStarting(
    RecoveryAdministration administration,
    IValidator<RecoveryFields> validator
)
{
    /// <summary>The route of one kind.</summary>
    public Gate.TenantHandler Of(RecoveryKind kind) =>
        (context, tenant) => StartAsync(context, tenant, kind);

    private async ValueTask<IResult> StartAsync(
        HttpContext context,
        TenantId tenant,
        RecoveryKind kind
    )
    {
        var body = await JsonBody.ReadAsync(context, optional: kind == RecoveryKind.Cancel);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var wanted = RecoveryFields.Read(fields, kind);
        fields.RefuseOthers();
        fields.Faults.AddRange(await validator.ValidateAsync(wanted));
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        if (!EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var id))
        {
            return Problems.NoEndpoint;
        }

        var endpoint = new EndpointKey(tenant, id);
        return wanted.DryRun.Value is true
            ? await CountAsync(endpoint, wanted, context.RequestAborted)
            : await StartAsync(endpoint, wanted);
    }

    private async ValueTask<IResult> CountAsync(
        EndpointKey endpoint,
        RecoveryFields wanted,
        CancellationToken aborted
    ) =>
        await administration.CountAsync(endpoint, wanted.Kind, wanted.ToFilter(), aborted)
            is { } count
            ? new JsonAnswer<DryRunBody>(
                StatusCodes.Status200OK,
                new DryRunBody(count.Matched, count.IsComplete),
                ApiJson.Instance.DryRunBody
            )
            : Problems.NoEndpoint;

    private async ValueTask<IResult> StartAsync(EndpointKey endpoint, RecoveryFields wanted)
    {
        var start = await administration.StartAsync(
            endpoint,
            wanted.Kind,
            wanted.ToFilter(),
            CancellationToken.None
        );
        return start switch
        {
            RecoveryStart.Started { Recovery: var recovery } => new JsonAnswer<RecoveryBody>(
                StatusCodes.Status202Accepted,
                RecoveryBody.Of(recovery),
                ApiJson.Instance.RecoveryBody
            )
            {
                Location = $"/v1/endpoints/{endpoint.EndpointId}/recoveries/{recovery.Id}",
            },
            RecoveryStart.LimitReached limit => new Problem(
                ErrorCodes.RecoveryLimitReached,
                $"An endpoint may have {limit.Max} recoveries running. Wait until one has ended, or stop it."
            ),
            _ => Problems.NoEndpoint,
        };
    }
}
