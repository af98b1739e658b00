using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api;

/// <summary>POST /endpoints/{endpoint_id}/rotate-secret and DELETE /endpoints/{endpoint_id}/old-secrets.</summary>
internal sealed class SecretRotation(
    EndpointAdministration administration,
    IValidator<RotationFields> validator
)
{
    public async ValueTask<IResult> RotateAsync(HttpContext context, TenantId tenant)
    {
        var body = await JsonBody.ReadAsync(context, optional: true);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var wanted = RotationFields.Read(fields);
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

        var result = await administration.RotateSecretAsync(
            new EndpointKey(tenant, id),
            SigningSecret.TryParse(wanted.Secret.Value, out var secret) ? secret : null,
            wanted.Overlap,
            wanted.Forgets,
            CancellationToken.None
        );
        return result is EndpointResult.Done done
            ? new JsonAnswer<RotationBody>(
                StatusCodes.Status200OK,
                Show(done),
                ApiJson.Instance.RotationBody
            )
            : EndpointRefusals.Of(result);
    }

    public async ValueTask<IResult> ForgetAsync(HttpContext context, TenantId tenant)
    {
        if (!EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var id))
        {
            return Problems.NoEndpoint;
        }

        var key = new EndpointKey(tenant, id);
        var result = await administration.ForgetOldSecretsAsync(key, CancellationToken.None);
        return result is EndpointResult.Done
            ? TypedResults.NoContent()
            : EndpointRefusals.Of(result);
    }

    private static RotationBody Show(EndpointResult.Done done) =>
        new()
        {
            EndpointId = done.Endpoint.Key.EndpointId.ToString(),
            Secret = done.Secret.Value,
            Signatures = EndpointBody.SchemeNames(done.Secret),
            PreviousSecretExpiresAt =
                done.Endpoint.Secrets.Count > 1 && !done.Endpoint.Secrets[1].Retired
                    ? done.Endpoint.Secrets[1].ExpiresAt
                    : null,
            Version = done.Endpoint.Version,
        };
}
