namespace WebhookDelivery.Api.Tests;

/// <summary>GET /v1/events by type.</summary>
public sealed class ListEventsTests(TestApi api)
{
    [Theory]
    [InlineData("*")]
    [InlineData("order.*")]
    [InlineData("endpoint.**")]
    [InlineData("a*")]
    public async Task Type_ThatIsAPattern_IsRefusedSinceOnlyOneIsTaken(string type)
    {
        var tenant = await api.NewTenantAsync();
        await tenant.NewEventAsync("""{"type":"order.paid"}""");

        var problem = await tenant.GetAsync($"/v1/events?type={type}", 400);

        problem.AssertProblem(400, "validation_failed", "type");
        Assert.Contains(
            "pattern",
            Assert.Single(problem.GetProperty("errors").Texts("type")),
            StringComparison.Ordinal
        );
        Assert.Single((await tenant.GetAsync("/v1/events?type=order.paid")).Data());
    }
}
