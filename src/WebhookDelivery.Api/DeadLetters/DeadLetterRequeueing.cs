using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>POST /dead-letters/requeue, and the operators' form of it over all tenants.</summary>
internal sealed class DeadLetterRequeueing(
    DeadLetterRequeuer requeuer,
    IValidator<RequeueFields> validator
)
{
    public async ValueTask<IResult> RequeueAsync(HttpContext context, TenantId tenant)
    {
        var body = await JsonBody.ReadAsync(context, optional: true);
        return body is JsonBody.Members { Fields: var fields }
            ? await RequeueAsync(fields, RequeueFields.ReadTenants(fields), tenant)
            : ((JsonBody.Refused)body).Problem;
    }

    public async ValueTask<IResult> RequeueForOperatorAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context, optional: true);
        return body is JsonBody.Members { Fields: var fields }
            ? await RequeueAsync(fields, RequeueFields.ReadOperators(fields), tenant: null)
            : ((JsonBody.Refused)body).Problem;
    }

    private async ValueTask<IResult> RequeueAsync(
        Fields fields,
        RequeueFields wanted,
        TenantId? tenant
    )
    {
        fields.RefuseOthers();
        fields.Faults.AddRange(await validator.ValidateAsync(wanted));
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        if (tenant is null && TenantId.TryParse(wanted.TenantId.Value, out var only))
        {
            tenant = only;
        }

        // Each dead letter is requeued on its own: a caller that hangs up has got what was done.
        var result = await requeuer.RequeueAsync(wanted.ToFilter(tenant), CancellationToken.None);
        return new JsonAnswer<RequeueBody>(
            StatusCodes.Status200OK,
            new RequeueBody(result.Requeued, result.Failed),
            ApiJson.Instance.RequeueBody
        );
    }
}
