using System.Text.Json;

namespace WebhookDelivery.Api.Tests;

/// <summary>An external id stands wherever an endpoint's id may.</summary>
public sealed class EndpointNamesTests(TestApi api)
{
    [Theory]
    [InlineData("GET", "", null, 200)]
    [InlineData("PATCH", "", "{}", 200)]
    [InlineData("POST", "/rotate-secret", "{}", 200)]
    [InlineData("POST", "/test", null, 202)]
    [InlineData("GET", "/stats", null, 200)]
    [InlineData("DELETE", "", null, 204)]
    public async Task Address_WithAnExternalId_IsTheEndpoints(
        string method,
        string rest,
        string? body,
        int status
    )
    {
        var tenant = await NewTenantAsync();
        var path = $"/v1/endpoints/crm{rest}";
        await tenant.SendAsync(new HttpMethod(method), path, body, status);
        var other = await api.NewTenantAsync();
        await other.SendAsync(new HttpMethod(method), path, body, 404);
    }

    [Theory]
    [InlineData("/v1/events")]
    [InlineData("/v1/dead-letters")]
    public async Task Query_WithAnExternalId_IsTheEndpoints(string path)
    {
        var tenant = await NewTenantAsync();
        var endpoints = (await tenant.GetAsync("/v1/endpoints")).GetProperty("data");
        await tenant.NewDeadLetterAsync([
            .. endpoints.EnumerateArray().Select(each => each.Text("endpoint_id")),
        ]);

        Assert.Single(await ListAsync($"{path}?endpoint_id=crm"));
        Assert.Empty(await ListAsync($"{path}?endpoint_id=nobody"));
        (await tenant.GetAsync($"{path}?endpoint_id=ep_x", 400)).AssertProblem(
            400,
            "validation_failed",
            "endpoint_id"
        );

        async Task<IEnumerable<JsonElement>> ListAsync(string address) =>
            (await tenant.GetAsync(address)).GetProperty("data").EnumerateArray();
    }

    [Fact]
    public async Task Body_WithAnExternalId_IsTheEndpoints()
    {
        var tenant = await NewTenantAsync();
        var crm = (await tenant.GetAsync("/v1/endpoints/crm")).Text("endpoint_id");
        var eventId = await tenant.NewDeadLetterAsync(crm);

        var redelivery = $"/v1/events/{eventId}/redeliver";
        await tenant.SendAsync(HttpMethod.Post, redelivery, """{"endpoint_id":"nobody"}""", 404);
        (
            await tenant.SendAsync(HttpMethod.Post, redelivery, """{"endpoint_id":"ep_x"}""", 400)
        ).AssertProblem(400, "validation_failed", "endpoint_id");
        var redelivered = await tenant.SendAsync(
            HttpMethod.Post,
            redelivery,
            """{"endpoint_id":"crm"}""",
            202
        );
        Assert.Equal([crm], redelivered.Texts("endpoint_ids"));

        await tenant.NewDeadLetterAsync(crm);
        var requeued = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/dead-letters/requeue",
            """{"endpoint_id":"crm"}""",
            200
        );
        Assert.Equal(1, requeued.GetProperty("requeued").GetInt32());
    }

    [Theory]
    [InlineData("crm", 200)]
    [InlineData("nobody", 404)]
    public async Task SignatureDoctor_WithAnExternalId_LooksAtTheEndpoints(string name, int status)
    {
        var tenant = await NewTenantAsync();
        await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/signature/verify",
            $$$"""{"endpoint_id":"{{{name}}}","headers":{"X":"1"},"body":"{}"}""",
            status
        );
    }

    [Fact]
    public async Task OperatorsBody_WithAnExternalId_NeedsTheTenantBesideIt()
    {
        var tenant = await NewTenantAsync();
        var crm = (await tenant.GetAsync("/v1/endpoints/crm")).Text("endpoint_id");
        await tenant.NewDeadLetterAsync(crm);

        var requeued = await RequeueAsync(
            $$"""{"tenant_id":"{{tenant.Id}}","endpoint_id":"crm"}""",
            200
        );
        Assert.Equal(1, requeued.GetProperty("requeued").GetInt32());
        (await RequeueAsync("""{"endpoint_id":"crm"}""", 400)).AssertProblem(
            400,
            "validation_failed",
            "endpoint_id"
        );

        async Task<JsonElement> RequeueAsync(string body, int status)
        {
            using var answer = await api.Operator.PostAsync(
                "/v1/admin/dead-letters/requeue",
                Json.Body(body)
            );
            return await answer.ReadAsync(status);
        }
    }

    /// <summary>A tenant with an endpoint that is named crm and one without a name.</summary>
    private async Task<TestTenant> NewTenantAsync()
    {
        var tenant = await api.NewTenantAsync();
        await tenant.NewEndpointAsync("""{"url":"https://a.test","external_id":"crm"}""");
        await tenant.NewEndpointAsync();
        return tenant;
    }
}
