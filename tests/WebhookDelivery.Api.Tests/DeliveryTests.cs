using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

public sealed class DeliveryTests(TestApi api)
{
    [Fact]
    public async Task List_OfAnEndpoint_ShowsItsDeliveriesPageByPage()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var dead = await tenant.NewDeadLetterAsync(endpoint);
        var open = await tenant.NewEventAsync();
        await tenant.NewEndpointAsync();
        var path = $"/v1/deliveries?endpoint_id={endpoint}";

        var first = await tenant.GetAsync(path + "&limit=1");
        var second = await tenant.GetAsync($"{path}&limit=1&cursor={first.Text("next_cursor")}");

        var item = Assert.Single(first.Data());
        Assert.Equal((dead, endpoint), (item.Text("event_id"), item.Text("endpoint_id")));
        Assert.Equal(
            ("DEAD_LETTER", "live", "http_status"),
            (item.Text("status"), item.Text("source"), item.Text("last_reason"))
        );
        Assert.Equal(1, item.GetProperty("generation").GetInt32());
        Assert.Equal(1, item.GetProperty("attempts").GetInt32());
        Assert.Equal(500, item.GetProperty("last_status_code").GetInt32());
        var read = await tenant.GetAsync($"/v1/events/{dead}");
        Assert.Equal(read.Text("created_at"), item.Text("event_created_at"));
        Assert.Equal(open, Assert.Single(second.Data()).Text("event_id"));
        Assert.Null(second.Text("next_cursor"));
    }

    [Theory]
    [InlineData("status=DEAD_LETTER", "dead")]
    [InlineData("status=DEAD_LETTER,PENDING", "dead open")]
    [InlineData("status=PENDING", "open")]
    [InlineData("status=CANCELLED", "")]
    [InlineData("type=order.*", "dead open")]
    [InlineData("type=order.created", "dead open")]
    [InlineData("type=user.*", "")]
    [InlineData("reason=http_status", "dead")]
    [InlineData("reason=http_status,timeout", "dead")]
    [InlineData("reason=timeout", "")]
    [InlineData("since=2020-01-01T00:00:00Z", "dead open")]
    [InlineData("until=2020-01-01T00:00:00Z", "")]
    public async Task List_WithAFilter_ShowsWhatPasses(string filter, string expected)
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var names = new Dictionary<string, string>
        {
            [await tenant.NewDeadLetterAsync(endpoint)] = "dead",
            [await tenant.NewEventAsync()] = "open",
        };

        var page = await tenant.GetAsync($"/v1/deliveries?endpoint_id={endpoint}&{filter}");

        Assert.Equal(
            expected,
            string.Join(' ', page.Data().Select(each => names[each.Text("event_id")]).Order())
        );
    }

    [Fact]
    public async Task List_Faults_AreToldAtOnce()
    {
        var tenant = await api.NewTenantAsync();
        using var answer = await tenant.Http.GetAsync(
            "/v1/deliveries?endpoint_id=ep_x&status=FAILED,x&type=a.**.b&reason=x&since=x&limit=0&cursor=x"
        );
        await answer.AssertProblemAsync(
            400,
            "validation_failed",
            "endpoint_id",
            "status",
            "type",
            "reason",
            "since",
            "limit",
            "cursor"
        );
        using var without = await tenant.Http.GetAsync("/v1/deliveries");
        await without.AssertProblemAsync(400, "validation_failed", "endpoint_id");
    }

    [Fact]
    public async Task List_OfAForeignOrUnknownEndpoint_AnswersNotFound()
    {
        var owner = await api.NewTenantAsync();
        var endpoint = (await owner.NewEndpointAsync()).Text("endpoint_id");
        var other = await api.NewTenantAsync();
        foreach (var id in new[] { endpoint, new EndpointId(Guid.CreateVersion7()).ToString() })
        {
            var problem = await other.GetAsync($"/v1/deliveries?endpoint_id={id}", 404);
            problem.AssertProblem(404, "not_found");
        }

        await owner.SendAsync(HttpMethod.Delete, $"/v1/endpoints/{endpoint}", null, 204);
        Assert.Empty((await owner.GetAsync($"/v1/deliveries?endpoint_id={endpoint}")).Data());
    }

    [Fact]
    public async Task Cancel_OneThenAll_SaysWhichWereCancelled()
    {
        var tenant = await api.NewTenantAsync();
        var one = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var two = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewEventAsync();

        var only = await CancelAsync(tenant, id, $$"""{"endpoint_id":"{{one}}"}""");
        var rest = await CancelAsync(tenant, id, null);
        var none = await CancelAsync(tenant, id, "{}", 409);

        Assert.Equal(id, only.Text("event_id"));
        Assert.Equal([one], only.Texts("endpoint_ids"));
        Assert.Equal([two], rest.Texts("endpoint_ids"));
        none.AssertProblem(409, "nothing_to_cancel");
        var read = await tenant.GetAsync($"/v1/events/{id}");
        Assert.Equal("CANCELLED", read.Text("status"));
        Assert.All(
            read.GetProperty("deliveries").EnumerateArray(),
            each => Assert.Equal("cancelled", each.Text("last_reason"))
        );
    }

    [Fact]
    public async Task Cancel_WhatIsNotThere_AnswersNotFound()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewEventAsync();
        var later = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var other = await api.NewTenantAsync();

        (await CancelAsync(other, id, null, 404)).AssertProblem(404, "not_found");
        (await CancelAsync(tenant, "evt_x", null, 404)).AssertProblem(404, "not_found");
        var foreign = $$"""{"endpoint_id":"{{later}}"}""";
        (await CancelAsync(tenant, id, foreign, 404)).AssertProblem(404, "not_found");
        (await CancelAsync(tenant, id, """{"endpoint_id":"ep_x","y":1}""", 400)).AssertProblem(
            400,
            "validation_failed",
            "endpoint_id",
            "y"
        );
        Assert.Equal([endpoint], (await CancelAsync(tenant, id, null)).Texts("endpoint_ids"));
    }

    [Fact]
    public async Task Read_AfterARedelivery_ShowsGenerationAndSource()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewDeadLetterAsync(endpoint);
        await tenant.SendAsync(HttpMethod.Post, $"/v1/events/{id}/redeliver", null, 202);

        var read = await tenant.GetAsync($"/v1/events/{id}");

        var delivery = Assert.Single(read.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(2, delivery.GetProperty("generation").GetInt32());
        Assert.Equal("redeliver", delivery.Text("source"));
    }

    private static Task<JsonElement> CancelAsync(
        TestTenant tenant,
        string id,
        string? body,
        int status = 200
    ) => tenant.SendAsync(HttpMethod.Post, $"/v1/events/{id}/cancel", body, status);
}
