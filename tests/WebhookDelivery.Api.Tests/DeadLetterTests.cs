using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

public sealed class DeadLetterTests(TestApi api)
{
    [Fact]
    public async Task List_ShowsDeadLettersPageByPage()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = await tenant.NewEndpointAsync();
        var other = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewDeadLetterAsync(endpoint.Text("endpoint_id"), other);
        await tenant.NewEventAsync();

        var first = await tenant.GetAsync("/v1/dead-letters?limit=1");
        var second = await tenant.GetAsync(
            $"/v1/dead-letters?limit=1&cursor={first.Text("next_cursor")}"
        );
        var filtered = await tenant.GetAsync(
            $"/v1/dead-letters?endpoint_id={endpoint.Text("endpoint_id")}"
        );

        var item = Assert.Single(filtered.Data());
        Assert.Equal(id, item.Text("event_id"));
        Assert.Equal(endpoint.Text("url"), item.Text("url"));
        Assert.Equal(1, item.GetProperty("attempts").GetInt32());
        Assert.Equal("http_status", item.Text("last_reason"));
        Assert.Equal(500, item.GetProperty("last_status_code").GetInt32());
        Assert.NotNull(item.Text("dead_lettered_at"));
        var read = await tenant.GetAsync($"/v1/events/{id}");
        Assert.Equal(read.Text("created_at"), item.Text("event_created_at"));
        Assert.NotEqual(
            Assert.Single(first.Data()).Text("endpoint_id"),
            Assert.Single(second.Data()).Text("endpoint_id")
        );
        Assert.Null(second.Text("next_cursor"));
    }

    [Fact]
    public async Task List_Faults_AreToldAtOnce()
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await tenant.Http.GetAsync(
            "/v1/dead-letters?endpoint_id=ep_x&since=x&until=x&limit=x&cursor=x"
        );

        await answer.AssertProblemAsync(
            400,
            "validation_failed",
            "endpoint_id",
            "since",
            "until",
            "limit",
            "cursor"
        );
    }

    [Fact]
    public async Task Requeue_CountsWhatCanAndCannotBe()
    {
        var tenant = await api.NewTenantAsync();
        var alive = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var deleted = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewDeadLetterAsync(alive, deleted);
        await tenant.SendAsync(HttpMethod.Delete, $"/v1/endpoints/{deleted}", null, 204);

        var result = await RequeueAsync(tenant, null);

        Assert.Equal("""{"requeued":1,"failed":1}""", result);
        Assert.Equal("PENDING", (await tenant.GetAsync($"/v1/events/{id}")).Text("status"));
    }

    [Fact]
    public async Task Requeue_Filters_Apply()
    {
        var tenant = await api.NewTenantAsync();
        var one = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var two = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        await tenant.NewDeadLetterAsync(one, two);
        await tenant.NewDeadLetterAsync(one, two);

        var none = await RequeueAsync(tenant, """{"until":"2020-01-01T00:00:00Z"}""");
        var limited = await RequeueAsync(
            tenant,
            $$"""{"endpoint_id":"{{one}}","max_messages":1}"""
        );
        var rest = await RequeueAsync(tenant, """{"since":"2020-01-01T00:00:00Z"}""");

        Assert.Equal("""{"requeued":0,"failed":0}""", none);
        Assert.Equal("""{"requeued":1,"failed":0}""", limited);
        Assert.Equal("""{"requeued":3,"failed":0}""", rest);
    }

    [Fact]
    public async Task ListAndRequeue_ByTypeAndReason_TakeWhatPasses()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewDeadLetterAsync(endpoint);
        async Task<int> CountAsync(string filter) =>
            (await tenant.GetAsync("/v1/dead-letters?" + filter)).Data().Count;

        Assert.Equal(1, await CountAsync("type=order.*&reason=timeout,http_status"));
        Assert.Equal(0, await CountAsync("type=user.*"));
        Assert.Equal(0, await CountAsync("reason=timeout"));
        const string none = """{"requeued":0,"failed":0}""";
        Assert.Equal(none, await RequeueAsync(tenant, """{"event_types":["user.*"]}"""));
        Assert.Equal(none, await RequeueAsync(tenant, """{"reasons":["timeout"]}"""));
        using var byOperator = await OperatorRequeueAsync(
            $$"""{"tenant_id":"{{tenant.Id}}","event_types":["user.*"]}"""
        );
        Assert.Equal(none, (await byOperator.ReadAsync(200)).ToString());
        Assert.Equal(
            """{"requeued":1,"failed":0}""",
            await RequeueAsync(
                tenant,
                """{"event_types":["user.*","order.**"],"reasons":["http_status"]}"""
            )
        );
        Assert.Equal("PENDING", (await tenant.GetAsync($"/v1/events/{id}")).Text("status"));
    }

    [Fact]
    public async Task Requeue_OfAnotherTenantsOrUnknownEndpoint_AnswersNotFound()
    {
        var owner = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        var endpoint = (await owner.NewEndpointAsync()).Text("endpoint_id");
        await owner.NewDeadLetterAsync(endpoint);

        var answers = new HashSet<string>();
        foreach (var id in new[] { endpoint, UnknownEndpoint() })
        {
            var problem = await other.SendAsync(
                HttpMethod.Post,
                "/v1/dead-letters/requeue",
                new { endpoint_id = id },
                404
            );
            problem.AssertProblem(404, "not_found");
            answers.Add(problem.ToString());
        }

        Assert.Single(answers);
        Assert.Single((await owner.GetAsync("/v1/dead-letters")).Data());
    }

    [Fact]
    public async Task Requeue_OfADeletedEndpoint_CountsWhatItLeft()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        await tenant.NewDeadLetterAsync(endpoint);
        await tenant.SendAsync(HttpMethod.Delete, $"/v1/endpoints/{endpoint}", null, 204);
        var body = $$"""{"endpoint_id":"{{endpoint}}"}""";

        using var byOperator = await OperatorRequeueAsync(body);

        Assert.Equal("""{"requeued":0,"failed":1}""", await RequeueAsync(tenant, body));
        Assert.Equal("""{"requeued":0,"failed":1}""", (await byOperator.ReadAsync(200)).ToString());
    }

    [Theory]
    [InlineData(
        """{"max_messages":0,"endpoint_id":"ep_x","since":"x","until":1,"tenant_id":"abc"}""",
        new[] { "max_messages", "endpoint_id", "since", "until", "tenant_id" }
    )]
    [InlineData("""{"max_messages":10001}""", new[] { "max_messages" })]
    [InlineData(
        """{"event_types":["a","a*","b","**.c"],"reasons":["x","timeout","y"]}""",
        new[] { "event_types[1]", "event_types[3]", "reasons[0]", "reasons[2]" }
    )]
    [InlineData("""{"reasons":[]}""", new[] { "reasons" })]
    [InlineData("""{"max_messages":"5"}""", new[] { "max_messages" })]
    [InlineData(
        """{"since":"2026-01-02T00:00:00Z","until":"2026-01-01T00:00:00Z"}""",
        new[] { "since" }
    )]
    public async Task Requeue_Faults_AreToldAtOnce(string body, string[] members)
    {
        var tenant = await api.NewTenantAsync();

        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/dead-letters/requeue",
            body,
            400
        );

        problem.AssertProblem(400, "validation_failed", members);
    }

    [Fact]
    public async Task OperatorRequeue_OfOneTenant_LeavesOthersAlone()
    {
        var one = await api.NewTenantAsync();
        var two = await api.NewTenantAsync();
        await one.NewDeadLetterAsync((await one.NewEndpointAsync()).Text("endpoint_id"));
        await two.NewDeadLetterAsync((await two.NewEndpointAsync()).Text("endpoint_id"));

        using var answer = await OperatorRequeueAsync(
            $$"""{"tenant_id":"{{one.Id}}","max_messages":10}"""
        );

        Assert.Equal("""{"requeued":1,"failed":0}""", (await answer.ReadAsync(200)).ToString());
        Assert.Empty((await one.GetAsync("/v1/dead-letters")).Data());
        Assert.Single((await two.GetAsync("/v1/dead-letters")).Data());
    }

    [Fact]
    public async Task OperatorRequeue_OfUnknownOrDeletedTenant_AnswersNotFound()
    {
        var deleted = await api.NewTenantAsync();
        using var gone = await api.Operator.DeleteAsync($"/v1/tenants/{deleted.Id}");
        await gone.ReadAsync(204);

        foreach (var id in new[] { "no-such-tenant", deleted.Id.Value })
        {
            using var answer = await OperatorRequeueAsync($$"""{"tenant_id":"{{id}}"}""");
            await answer.AssertProblemAsync(404, "not_found");
        }
    }

    [Fact]
    public async Task OperatorRequeue_OfAnEndpoint_NeedsItToExistWithinTheTenantIfOneIsNamed()
    {
        var owner = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        var endpoint = (await owner.NewEndpointAsync()).Text("endpoint_id");
        await owner.NewDeadLetterAsync(endpoint);

        using var unknown = await OperatorRequeueAsync(
            $$"""{"endpoint_id":"{{UnknownEndpoint()}}"}"""
        );
        using var elsewhere = await OperatorRequeueAsync(
            $$"""{"endpoint_id":"{{endpoint}}","tenant_id":"{{other.Id}}"}"""
        );
        using var found = await OperatorRequeueAsync($$"""{"endpoint_id":"{{endpoint}}"}""");

        await unknown.AssertProblemAsync(404, "not_found");
        await elsewhere.AssertProblemAsync(404, "not_found");
        Assert.Equal("""{"requeued":1,"failed":0}""", (await found.ReadAsync(200)).ToString());
    }

    [Fact]
    public async Task OperatorRequeue_Faults_AreToldAtOnce()
    {
        using var answer = await OperatorRequeueAsync(
            """{"tenant_id":"NO","max_messages":-1,"endpoint_id":7,"since":1,"until":"x"}"""
        );

        await answer.AssertProblemAsync(
            400,
            "validation_failed",
            "tenant_id",
            "max_messages",
            "endpoint_id",
            "since",
            "until"
        );
    }

    [Fact]
    public async Task OperatorRequeue_WithinASpan_TakesWhatWasAcceptedInIt()
    {
        var tenant = await api.NewTenantAsync();
        await tenant.NewDeadLetterAsync((await tenant.NewEndpointAsync()).Text("endpoint_id"));

        Assert.Equal("""{"requeued":0,"failed":0}""", await CountAsync("until"));
        Assert.Equal("""{"requeued":1,"failed":0}""", await CountAsync("since"));

        async Task<string> CountAsync(string bound)
        {
            using var answer = await OperatorRequeueAsync(
                $$"""{"tenant_id":"{{tenant.Id}}","{{bound}}":"2020-01-01T00:00:00Z"}"""
            );
            return (await answer.ReadAsync(200)).ToString();
        }
    }

    private static string UnknownEndpoint() => new EndpointId(Guid.CreateVersion7()).ToString();

    private Task<HttpResponseMessage> OperatorRequeueAsync(string body) =>
        api.Operator.PostAsync("/v1/admin/dead-letters/requeue", Json.Body(body));

    private static async Task<string> RequeueAsync(TestTenant tenant, string? body) =>
        (await tenant.SendAsync(HttpMethod.Post, "/v1/dead-letters/requeue", body, 200)).ToString();
}
