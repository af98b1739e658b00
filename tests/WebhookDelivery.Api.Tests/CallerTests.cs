using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>Whose endpoint an external id in a body names: the key says it, and the body to operators alone.</summary>
public sealed class CallerTests(TestApi api)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NameInABody_FromATenant_IsItsOwnWhateverTenantTheBodyNames(bool resolved)
    {
        var (caller, other) = (await api.NewTenantAsync(), await api.NewTenantAsync());
        var own = await NewEndpointAsync(caller);
        await NewEndpointAsync(other);
        var gate = api.Services.GetRequiredService<Gate>();

        EndpointId? found = null;
        Gate.TenantHandler handler = async (context, _) =>
        {
            found = await EndpointNames.FindInBodyAsync(context, "crm", other.Id.Value);
            return Problems.NoEndpoint;
        };
        var request = resolved ? gate.ForTenant(handler) : gate.ForTenantUnresolved(handler);
        await request(Context(caller.Http));

        Assert.Equal(own, found?.ToString());
    }

    [Fact]
    public async Task NameInABody_FromAnOperator_IsOfTheTenantThatTheBodyNames()
    {
        var tenant = await api.NewTenantAsync();
        var named = await NewEndpointAsync(tenant);
        var gate = api.Services.GetRequiredService<Gate>();

        EndpointId? found = null;
        await gate.ForOperator(async context =>
        {
            found = await EndpointNames.FindInBodyAsync(context, "crm", tenant.Id.Value);
            return Problems.NoEndpoint;
        })(Context(api.Operator));

        Assert.Equal(named, found?.ToString());
    }

    [Fact]
    public async Task NameInABody_FromNobody_IsNobodys()
    {
        var tenant = await api.NewTenantAsync();
        await NewEndpointAsync(tenant);

        Assert.Null(
            await EndpointNames.FindInBodyAsync(Context(api.Anonymous), "crm", tenant.Id.Value)
        );
    }

    private DefaultHttpContext Context(HttpClient client)
    {
        var context = new DefaultHttpContext { RequestServices = api.Services };
        context.Request.Headers.Authorization =
            client.DefaultRequestHeaders.Authorization?.ToString();
        context.Response.Body = Stream.Null;
        return context;
    }

    private static async Task<string> NewEndpointAsync(TestTenant tenant) =>
        (await tenant.NewEndpointAsync("""{"url":"https://a.test","external_id":"crm"}""")).Text(
            "endpoint_id"
        );
}
