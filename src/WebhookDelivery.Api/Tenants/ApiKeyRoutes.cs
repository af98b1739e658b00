using System.Text;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The operators' routes about tenants' API keys.</summary>
internal sealed class ApiKeyRoutes(TenantAdministration administration, ITenantStore store)
{
    /// <summary>Longer texts are no key's id and need not be looked up.</summary>
    private const int KeyIdLengthMax = 64;

    public async ValueTask<IResult> CreateAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context, optional: true);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var description = fields.Text("description").Value;
        NameRules.Check(fields, "description", description);
        fields.RefuseOthers();
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        var created = TenantId.TryParse(RouteIds.Text(context, RouteIds.Tenant), out var id)
            ? await administration.CreateApiKeyAsync(id, description, CancellationToken.None)
            : new ApiKeyCreation.NoTenant();
        return created switch
        {
            ApiKeyCreation.Created(var text, var key) => new JsonAnswer<ApiKeyCreatedBody>(
                StatusCodes.Status201Created,
                new ApiKeyCreatedBody
                {
                    KeyId = key.Id,
                    ApiKey = text,
                    Description = key.Description,
                    CreatedAt = key.CreatedAt,
                },
                ApiJson.Instance.ApiKeyCreatedBody
            ),
            ApiKeyCreation.LimitReached limit => new Problem(
                ErrorCodes.ApiKeyLimitReached,
                $"A tenant may have {limit.KeysMax} API keys that are not revoked. Revoke one first."
            ),
            _ => Problems.NoTenant,
        };
    }

    public async ValueTask<IResult> ListAsync(HttpContext context)
    {
        if (
            !TenantId.TryParse(RouteIds.Text(context, RouteIds.Tenant), out var tenant)
            || await administration.FindAsync(tenant, context.RequestAborted) is null
        )
        {
            return Problems.NoTenant;
        }

        var query = new QueryReader(context.Request.Query);
        var limit = query.Limit();
        var binding = Cursor.Bind(tenant.Value, "api-keys", query.Filters);
        var after = query.Cursor(binding, positionBytes: null);
        var keys = await store.ListApiKeysAsync(tenant, context.RequestAborted);
        var start = 0;
        if (after is not null)
        {
            var last = Encoding.ASCII.GetString(after);
            start = 1 + keys.ToList().FindIndex(key => key.Id == last);
            if (start == 0)
            {
                query.RefuseCursor();
            }
        }

        if (query.Faults.Any)
        {
            return query.Faults.ToProblem();
        }

        var (page, more) = Pages.Take(keys.Skip(start), limit);
        var next = more ? binding.Write(Encoding.ASCII.GetBytes(page[^1].Id)) : null;
        return Pages.Answer(
            [.. page.Select(ApiKeyBody.Of)],
            next,
            ApiJson.Instance.PageBodyApiKeyBody
        );
    }

    public async ValueTask<IResult> RevokeAsync(HttpContext context)
    {
        var keyId = RouteIds.Text(context, RouteIds.Key) ?? "";
        return
            TenantId.TryParse(RouteIds.Text(context, RouteIds.Tenant), out var tenant)
            && keyId.Length is >= 1 and <= KeyIdLengthMax
            && await administration.RevokeApiKeyAsync(tenant, keyId, CancellationToken.None)
            ? TypedResults.NoContent()
            : Problems.NoApiKey;
    }
}
