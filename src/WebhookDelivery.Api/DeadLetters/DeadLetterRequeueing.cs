using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>POST /dead-letters/requeue, and the operators' form of it over all tenants.</summary>
internal sealed class DeadLetterRequeueing(
    DeadLetterRequeuer requeuer,
    RequeueScope scope,
    IValidator<RequeueFields> validator
)
{
    public async ValueTask<IResult> RequeueAsync(HttpContext context, TenantId tenant)
    {
        var body = await JsonBody.ReadAsync(context, optional: true);
        return body is JsonBody.Members { Fields: var fields }
            ? await RequeueAsync(fields, RequeueFields.Read(fields), tenant, context.RequestAborted)
            : ((JsonBody.Refused)body).Problem;
    }

    public async ValueTask<IResult> RequeueForOperatorAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context, optional: true);
        return body is JsonBody.Members { Fields: var fields }
            ? await RequeueAsync(
                fields,
                RequeueFields.ReadOperators(fields),
                tenant: null,
                context.RequestAborted
            )
            : ((JsonBody.Refused)body).Problem;
    }

    private async ValueTask<IResult> RequeueAsync(
        Fields fields,
        RequeueFields wanted,
        TenantId? tenant,
        CancellationToken aborted
    )
    {
        fields.RefuseOthers();
        fields.Faults.AddRange(await validator.ValidateAsync(wanted, aborted));
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        var (within, refusal) = await scope.FindAsync(wanted, tenant, aborted);
        if (refusal is not null)
        {
            return refusal;
        }

        // Each dead letter is requeued on its own: a caller that hangs up has got what was done.
        var result = await requeuer.RequeueAsync(wanted.ToFilter(within), CancellationToken.None);
        return new JsonAnswer<RequeueBody>(
            StatusCodes.Status200OK,
            new RequeueBody(result.Requeued, result.Failed),
            ApiJson.Instance.RequeueBody
        );
    }
}
