using System.Net;
using System.Text.Json;

namespace WebhookDelivery.Api.Tests;

/// <summary>PUT /v1/endpoints/{external id}.</summary>
public sealed class EndpointPutTests(TestApi api)
{
    private const string Path = "/v1/endpoints/crm";

    [Fact]
    public async Task Put_OfANewName_CreatesAndShowsTheSecret()
    {
        var tenant = await api.NewTenantAsync();
        using var answer = await tenant.Http.PutAsync(
            Path,
            Json.Body(
                """{"url":"https://a.test","external_id":"crm","metadata":{"a":"1"},"operational":true}"""
            )
        );

        var created = await answer.ReadAsync(201);

        Assert.Equal("crm", created.Text("external_id"));
        Assert.StartsWith("whsec_", created.Text("secret"), StringComparison.Ordinal);
        var own = $"/v1/endpoints/{created.Text("endpoint_id")}";
        Assert.Equal(own, answer.Headers.Location?.OriginalString);
        var read = await tenant.GetAsync(own);
        Assert.True(read.GetProperty("operational").GetBoolean());
        Assert.Equal(read.GetRawText(), (await tenant.GetAsync(Path)).GetRawText());
    }

    [Fact]
    public async Task Put_OfANameInUse_ReplacesAllButSecretAndDisabled()
    {
        var tenant = await api.NewTenantAsync();
        var created = await PutAsync(
            tenant,
            """
            {
              "url": "https://a.test", "description": "x", "metadata": {"a": "1"}, "event_types": ["a"],
              "filter": {"field": "a", "exists": true}, "headers": {"X-A": "1"}, "secret": "sixteen chars ok",
              "retry_schedule": ["1m"], "timeout_seconds": 5, "rate_limit_per_second": 5, "max_in_flight": 5,
              "disabled": true
            }
            """,
            201
        );

        var replaced = await PutAsync(tenant, """{"url":"https://b.test"}""", 200);

        Assert.False(replaced.TryGetProperty("secret", out _));
        Assert.Equal(created.Text("endpoint_id"), replaced.Text("endpoint_id"));
        Assert.Equal("https://b.test", replaced.Text("url"));
        Assert.Equal(["stripe"], replaced.Texts("signatures"));
        Assert.True(replaced.GetProperty("disabled").GetBoolean());
        Assert.Equal(2, replaced.GetProperty("version").GetInt32());
        Assert.Equal("{}", replaced.GetProperty("metadata").GetRawText());
        Assert.Equal("{}", replaced.GetProperty("headers").GetRawText());
        Assert.Empty(replaced.Texts("event_types"));
        string[] nulls =
        [
            "description",
            "filter",
            "retry_schedule",
            "timeout_seconds",
            "rate_limit_per_second",
            "max_in_flight",
        ];
        Assert.All(
            nulls,
            name => Assert.Equal(JsonValueKind.Null, replaced.GetProperty(name).ValueKind)
        );

        var enabled = await PutAsync(tenant, """{"url":"https://b.test","disabled":false}""", 200);
        Assert.False(enabled.GetProperty("disabled").GetBoolean());
    }

    [Fact]
    public async Task Put_OfWhatIsThereAlready_ChangesNothing()
    {
        var tenant = await api.NewTenantAsync();
        const string Body = """
            {
              "url": "https://a.test", "metadata": {"a": "1", "b": "2"}, "headers": {"X-A": "1", "X-B": "2"},
              "secret": "sixteen chars ok", "retry_schedule": ["1m"], "filter": {"field":"a","equals":1},
              "operational": false
            }
            """;
        await PutAsync(tenant, Body, 201);

        var again = await PutAsync(tenant, Body, 200);
        Assert.Equal(1, again.GetProperty("version").GetInt32());

        var changed = await PutAsync(
            tenant,
            Body.Replace("\"X-B\": \"2\"", "\"X-B\": \"3\"", StringComparison.Ordinal),
            200
        );
        Assert.Equal(2, changed.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Put_OfOneNameAtOnce_MakesOneEndpoint()
    {
        var tenant = await api.NewTenantAsync();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    tenant.Http.PutAsync(Path, Json.Body($$"""{"url":"https://a{{i}}.test"}"""))
                )
        );
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single(
            (await tenant.GetAsync("/v1/endpoints")).GetProperty("data").EnumerateArray()
        );
    }

    [Theory]
    [InlineData("""{"url":"https://a.test","secret":"another secret of mine"}""", "secret")]
    [InlineData("""{"url":"https://a.test","operational":true}""", "operational")]
    [InlineData("""{"url":"https://a.test","external_id":"erp"}""", "external_id")]
    [InlineData("""{"description":"x"}""", "url")]
    [InlineData("""{"url":"https://a.test","version":1}""", "version")]
    public async Task Put_WhatCannotBe_NamesTheMember(string body, string member)
    {
        var tenant = await api.NewTenantAsync();
        await PutAsync(tenant, """{"url":"https://a.test"}""", 201);
        var problem = await PutAsync(tenant, body, 400);
        problem.AssertProblem(400, "validation_failed", member);
        Assert.Equal(1, (await tenant.GetAsync(Path)).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Put_ALiveSecretAfterARotation_IsTaken()
    {
        var tenant = await api.NewTenantAsync();
        var secret = (await PutAsync(tenant, """{"url":"https://a.test"}""", 201)).Text("secret");
        await tenant.SendAsync(HttpMethod.Post, Path + "/rotate-secret", null, 200);
        var body = $$"""{"url":"https://b.test","secret":"{{secret}}"}""";
        await PutAsync(tenant, body, 200);
        await tenant.SendAsync(
            HttpMethod.Post,
            Path + "/rotate-secret",
            """{"overlap_seconds":0}""",
            200
        );
        (await PutAsync(tenant, body, 400)).AssertProblem(400, "validation_failed", "secret");
    }

    [Fact]
    public async Task Put_OfAnEndpointsOwnId_ReplacesThatOneAlone()
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}";
        const string Body = """{"url":"https://b.test"}""";
        var replaced = await tenant.SendAsync(HttpMethod.Put, path, Body, 200);
        Assert.Equal("https://b.test", replaced.Text("url"));
        await tenant.SendAsync(HttpMethod.Delete, path, null, 204);
        await tenant.SendAsync(HttpMethod.Put, path, Body, 404);
        await tenant.SendAsync(HttpMethod.Put, "/v1/endpoints/ep_x", Body, 400);
    }

    [Fact]
    public async Task Put_AfterADeletion_MakesANewEndpoint()
    {
        var tenant = await api.NewTenantAsync();
        const string Body = """{"url":"https://a.test"}""";
        var first = (await PutAsync(tenant, Body, 201)).Text("endpoint_id");
        await tenant.SendAsync(HttpMethod.Delete, Path, null, 204);
        await tenant.GetAsync(Path, 404);
        Assert.NotEqual(first, (await PutAsync(tenant, Body, 201)).Text("endpoint_id"));
    }

    private static Task<JsonElement> PutAsync(TestTenant tenant, string body, int status) =>
        tenant.SendAsync(HttpMethod.Put, Path, body, status);
}
