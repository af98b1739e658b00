using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>POST /signature/verify.</summary>
internal sealed class SignatureVerification(
    SignatureDoctor doctor,
    IValidator<VerificationFields> validator,
    ApiOptions options,
    BodyMemory memory
)
{
    /// <summary>What a request may have beside its body: headers, and the members' names.</summary>
    private const int BesideBodyBytes = 64 * 1024;

    /// <summary>Most bytes of a request: a body of the largest size in base64, or as JSON text with escapes.</summary>
    private int RequestBytesMax => (2 * options.MaxPayloadBytes) + BesideBodyBytes;

    public async ValueTask<IResult> VerifyAsync(HttpContext context, TenantId tenant)
    {
        using var room = new BodyRoom(memory, tenant);
        var body = await JsonBody.ReadAsync(context, bytesMax: RequestBytesMax, room: room);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var wanted = VerificationFields.Read(fields);
        fields.RefuseOthers();
        fields.Faults.AddRange(await validator.ValidateAsync(wanted));
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        var diagnosis = await doctor.DiagnoseAsync(tenant, wanted.ToCase(), context.RequestAborted);
        return diagnosis is null
            ? Problems.NoEndpoint
            : new JsonAnswer<DiagnosisBody>(
                StatusCodes.Status200OK,
                DiagnosisBody.Of(diagnosis),
                ApiJson.Instance.DiagnosisBody
            );
    }
}
