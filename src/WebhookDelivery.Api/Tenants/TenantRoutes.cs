using System.Text;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The operators' routes about tenants.</summary>
internal sealed class TenantRoutes(
    TenantAdministration administration,
    ITenantStore store,
    IValidator<TenantFields> validator
)
{
    public async ValueTask<IResult> CreateAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var wanted = TenantFields.Read(fields);
        fields.RefuseOthers();
        fields.Faults.AddRange(await validator.ValidateAsync(wanted, context.RequestAborted));
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        var result = await administration.CreateAsync(wanted.ToDraft(), CancellationToken.None);
        return result is TenantCreation.Created created
            ? new JsonAnswer<TenantCreatedBody>(
                StatusCodes.Status201Created,
                Show(created),
                ApiJson.Instance.TenantCreatedBody
            )
            {
                Location = $"/v1/tenants/{created.Tenant.Id}",
            }
            : new Problem(
                ErrorCodes.TenantExists,
                "A tenant has this id, or had it and is still being erased."
            );
    }

    public async ValueTask<IResult> ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        var limit = query.Limit();
        var binding = Cursor.Bind("", "tenants", query.Filters);
        var after = query.Cursor(binding, positionBytes: null);
        TenantId? last = null;
        if (after is not null)
        {
            last = TenantId.TryParse(Encoding.ASCII.GetString(after), out var id) ? id : null;
            if (last is null)
            {
                query.RefuseCursor();
            }
        }

        if (query.Faults.Any)
        {
            return query.Faults.ToProblem();
        }

        var (page, more) = Pages.Take(
            await store.ListAsync(last, limit + 1, context.RequestAborted),
            limit
        );

        // Tenants that are being erased are gone for everybody; the page is then short.
        var data = page.Where(tenant => tenant.DeletedAt is null).Select(TenantBody.Of).ToList();
        var next = more ? binding.Write(Encoding.ASCII.GetBytes(page[^1].Id.Value)) : null;
        return Pages.Answer(data, next, ApiJson.Instance.PageBodyTenantBody);
    }

    public async ValueTask<IResult> FindAsync(HttpContext context) =>
        Show(
            TenantId.TryParse(RouteIds.Text(context, RouteIds.Tenant), out var id)
                ? await administration.FindAsync(id, context.RequestAborted)
                : null
        );

    public async ValueTask<IResult> UpdateAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body is not JsonBody.Members { Fields: var fields })
        {
            return ((JsonBody.Refused)body).Problem;
        }

        var name = fields.Text("name");
        NameRules.Check(fields, "name", name.Value);
        fields.RefuseOthers();
        if (fields.Faults.Any)
        {
            return fields.Faults.ToProblem();
        }

        if (!TenantId.TryParse(RouteIds.Text(context, RouteIds.Tenant), out var id))
        {
            return Problems.NoTenant;
        }

        return Show(
            name.IsGiven
                ? await administration.RenameAsync(id, name.Value, CancellationToken.None)
                : await administration.FindAsync(id, context.RequestAborted)
        );
    }

    public async ValueTask<IResult> DeleteAsync(HttpContext context) =>
        TenantId.TryParse(RouteIds.Text(context, RouteIds.Tenant), out var id)
        && await administration.DeleteAsync(id, CancellationToken.None)
            ? TypedResults.NoContent()
            : Problems.NoTenant;

    private static IResult Show(Tenant? tenant) =>
        tenant is null
            ? Problems.NoTenant
            : new JsonAnswer<TenantBody>(
                StatusCodes.Status200OK,
                TenantBody.Of(tenant),
                ApiJson.Instance.TenantBody
            );

    private static TenantCreatedBody Show(TenantCreation.Created created) =>
        new()
        {
            TenantId = created.Tenant.Id.Value,
            Name = created.Tenant.Name,
            ApiKey = created.ApiKey,
            Endpoint = created is { Endpoint: { } endpoint, Secret: { } secret }
                ? EndpointBody.Of(endpoint, secret, reveal: true)
                : null,
            CreatedAt = created.Tenant.CreatedAt,
        };
}
