using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>
/// The routes that create, change and delete endpoints. Changes are not cancelled by a caller that
/// hangs up: what is stored and what this process remembers must not part.
/// </summary>
internal sealed class EndpointChanging(
    EndpointAdministration administration,
    ITenantStore store,
    IValidator<EndpointFields> validator
)
{
    public async ValueTask<IResult> CreateAsync(HttpContext context, TenantId tenant)
    {
        // Before the body: to judge its URL is to resolve a host, which a tenant that can have no
        // further endpoint must not be able to make the server do.
        if (await FindRefusalAsync(tenant, context.RequestAborted) is { } full)
        {
            return full;
        }

        var (wanted, refusal) = await ReadAsync(context, creating: true);
        if (wanted is null)
        {
            return refusal!;
        }

        var result = await administration.CreateAsync(
            tenant,
            wanted.ToDraft(),
            CancellationToken.None
        );
        return result is EndpointResult.Done done
            ? new JsonAnswer<EndpointBody>(
                StatusCodes.Status201Created,
                EndpointBody.Of(done.Endpoint, done.Secret, reveal: true),
                ApiJson.Instance.EndpointBody
            )
            {
                Location = $"/v1/endpoints/{done.Endpoint.Key.EndpointId}",
            }
            : EndpointRefusals.Of(result);
    }

    public async ValueTask<IResult> UpdateAsync(HttpContext context, TenantId tenant)
    {
        var (wanted, refusal) = await ReadAsync(context, creating: false);
        if (wanted is null)
        {
            return refusal!;
        }

        if (!EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var id))
        {
            return Problems.NoEndpoint;
        }

        var result = await administration.UpdateAsync(
            new EndpointKey(tenant, id),
            wanted.ToPatch(),
            CancellationToken.None
        );
        return result is EndpointResult.Done done
            ? new JsonAnswer<EndpointBody>(
                StatusCodes.Status200OK,
                EndpointBody.Of(done.Endpoint, done.Secret),
                ApiJson.Instance.EndpointBody
            )
            : EndpointRefusals.Of(result);
    }

    public async ValueTask<IResult> DeleteAsync(HttpContext context, TenantId tenant)
    {
        if (!EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var id))
        {
            return Problems.NoEndpoint;
        }

        var key = new EndpointKey(tenant, id);
        var result = await administration.DeleteAsync(key, CancellationToken.None);
        return result is EndpointResult.Done
            ? TypedResults.NoContent()
            : EndpointRefusals.Of(result);
    }

    /// <summary>The refusal of any further endpoint; null while there is room. Creating looks again.</summary>
    private async ValueTask<Problem?> FindRefusalAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var snapshot = await store.LoadAsync(tenant, cancellationToken);
        return
            snapshot is not null
            && await administration.FindLimitAsync(snapshot, cancellationToken) is { } reached
            ? EndpointRefusals.Of(reached)
            : null;
    }

    private async ValueTask<(EndpointFields? Wanted, Problem? Refusal)> ReadAsync(
        HttpContext context,
        bool creating
    )
    {
        var body = await JsonBody.ReadAsync(context);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return (null, ((JsonBody.Refused)body).Problem);
        }

        var wanted = EndpointFields.Read(fields, creating);
        fields.RefuseOthers();
        fields.Faults.AddRange(
            await validator.ValidateAsync(
                wanted,
                rules =>
                {
                    rules.IncludeRulesNotInRuleSet();
                    rules.IncludeRuleSets(
                        creating ? EndpointFieldsValidator.Creation : EndpointFieldsValidator.Change
                    );
                },
                context.RequestAborted
            )
        );
        return fields.Faults.Any ? (null, fields.Faults.ToProblem()) : (wanted, null);
    }
}
