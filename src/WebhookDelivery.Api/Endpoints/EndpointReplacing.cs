using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>PUT /endpoints/{external id}, and of an endpoint's own id to replace that one.</summary>
internal sealed class EndpointReplacing(
    EndpointAdministration administration,
    ITenantStore store,
    IValidator<EndpointFields> validator
)
{
    private const string ExternalId = "external_id";

    public async ValueTask<IResult> PutAsync(HttpContext context, TenantId tenant)
    {
        var name = RouteIds.Text(context, RouteIds.Endpoint);
        var known = EndpointId.TryParse(name, out var id);
        if (await FindRefusalAsync(tenant, name, known ? id : null, context) is { } refusal)
        {
            return refusal;
        }

        var body = await JsonBody.ReadAsync(context);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var wanted = EndpointFields.Read(fields, creating: true);
        fields.RefuseOthers();
        fields.Faults.AddRange(
            await validator.ValidateAsync(
                wanted,
                rules =>
                {
                    rules.IncludeRulesNotInRuleSet();
                    rules.IncludeRuleSets(EndpointFieldsValidator.Creation);
                },
                context.RequestAborted
            )
        );
        if (wanted.ExternalId.Value is { } given && given != name)
        {
            fields.Faults.Add(ExternalId, "Must be the one in the address, or absent.");
        }

        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        // As with other changes, a caller that hangs up does not leave it half done.
        var replacement = wanted.ToReplacement();
        return Answer(
            known
                ? await administration.ReplaceAsync(
                    new EndpointKey(tenant, id),
                    replacement,
                    CancellationToken.None
                )
                : await administration.PutAsync(tenant, name!, replacement, CancellationToken.None),
            fields.Faults
        );
    }

    /// <summary>
    /// What can be said without the body: to judge its URL is to resolve a host, which must be for
    /// something.
    /// </summary>
    private async ValueTask<IResult?> FindRefusalAsync(
        TenantId tenant,
        string? name,
        EndpointId? id,
        HttpContext context
    )
    {
        var snapshot = await store.LoadAsync(tenant, context.RequestAborted);
        var isThere =
            snapshot?.Endpoints.Any(each =>
                id is null ? each.ExternalId == name : each.Key.EndpointId == id
            )
            is true;
        if (isThere || snapshot is null)
        {
            return snapshot is null ? Problems.Unauthorized : null;
        }

        if (id is not null)
        {
            return Problems.NoEndpoint;
        }

        if (!EndpointNames.IsName(name))
        {
            var faults = new Faults();
            faults.Add(ExternalId, ExternalIds.Fault);
            return faults.ToProblem();
        }

        return await administration.FindLimitAsync(snapshot, context.RequestAborted) is { } full
            ? EndpointRefusals.Of(full)
            : null;
    }

    private static IResult Answer(EndpointResult result, Faults faults)
    {
        switch (result)
        {
            case EndpointResult.Done done:
                return new JsonAnswer<EndpointBody>(
                    done.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK,
                    EndpointBody.Of(done.Endpoint, done.Secret, reveal: done.IsNew),
                    ApiJson.Instance.EndpointBody
                )
                {
                    Location = done.IsNew ? $"/v1/endpoints/{done.Endpoint.Key.EndpointId}" : null,
                };
            case EndpointResult.SecretIsSet:
                faults.Add(
                    "secret",
                    "Is another than the endpoint's. Change it with POST /v1/endpoints/{endpoint_id}/rotate-secret, or leave it out."
                );
                return faults.ToProblem();
            case EndpointResult.OperationalIsSet:
                faults.Add(
                    "operational",
                    "Is set when the endpoint is created, and cannot change."
                );
                return faults.ToProblem();
            default:
                return EndpointRefusals.Of(result);
        }
    }
}
