using System.Text.Json;

namespace WebhookDelivery.Api.Tests;

/// <summary>Payload filters through the API: how they are set, refused, and what they do to an event.</summary>
public sealed class EndpointFilterTests(TestApi api)
{
    [Fact]
    public async Task Filter_SetChangedAndTakenAway_ShowsAsItWasGiven()
    {
        var tenant = await api.NewTenantAsync();
        var created = await tenant.NewEndpointAsync(
            """
            {"url": "https://a.test", "filter": {"and": [{"gte": 1.50, "field": "größe"}, {"field": "b", "exists": false}]}}
            """
        );
        Assert.Equal(
            """{"and":[{"gte":1.50,"field":"größe"},{"field":"b","exists":false}]}""",
            created.GetProperty("filter").GetRawText()
        );

        var path = $"/v1/endpoints/{created.Text("endpoint_id")}";
        var changed = await tenant.SendAsync(
            HttpMethod.Patch,
            path,
            """{"filter":{"field":"a","in":[1]}}""",
            200
        );
        Assert.Equal("""{"field":"a","in":[1]}""", changed.GetProperty("filter").GetRawText());
        await tenant.SendAsync(HttpMethod.Patch, path, """{"filter":null}""", 200);
        Assert.Equal(
            JsonValueKind.Null,
            (await tenant.GetAsync(path)).GetProperty("filter").ValueKind
        );
    }

    [Fact]
    public async Task Filter_WithFaults_TellsEveryOneBesideThoseOfOtherMembers()
    {
        var tenant = await api.NewTenantAsync();
        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/endpoints",
            """
            {"url": 1, "filter": {"or": [{"field": "a..b", "equals": {}}, {"not": {"field": "c"}}, 7]}}
            """,
            400
        );
        problem.AssertProblem(
            400,
            "validation_failed",
            "url",
            "filter.or[0].field",
            "filter.or[0].equals",
            "filter.or[1].not",
            "filter.or[2]"
        );
    }

    [Fact]
    public async Task Filter_NestedBeyondTheBound_IsRefusedAsSuch()
    {
        var tenant = await api.NewTenantAsync();
        var filter = """{"field":"a","equals":1}""";
        for (var i = 0; i < 4; i++)
        {
            filter = $$"""{"and":[{{filter}}]}""";
        }

        await tenant.NewEndpointAsync($$"""{"url":"https://a.test","filter":{{filter}}}""");
        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/endpoints",
            $$$"""{"url":"https://a.test","filter":{"not":{{{filter}}}}}""",
            400
        );
        problem.AssertProblem(400, "validation_failed", "filter.not.and[0].and[0].and[0].and[0]");
    }

    [Fact]
    public async Task PostEvent_ThatAFilterLeavesOut_IsUnrouted()
    {
        var tenant = await api.NewTenantAsync();
        await tenant.NewEndpointAsync(
            """{"url":"https://a.test","filter":{"field":"data.total","gte":100}}"""
        );
        Assert.Equal("UNROUTED", await StatusAsync("""{"data":{"total":99.99}}"""));
        Assert.Equal("PENDING", await StatusAsync("""{"data":{"total":1e2}}"""));

        async Task<string> StatusAsync(string payload)
        {
            using var answer = await tenant.PostEventAsync(payload);
            return (await answer.ReadAsync(201)).Text("status");
        }
    }

    public static TheoryData<string> Awkward =>
        [
            """{"a":"\ud800","\udfff":{"\ud83d":"\ud83d\ud83d"}}""",
            """{"a":1,"a":{"b":1},"a":{"b":[1,2,{"a":"\ud800"}]}}""",
            """{"a":1e999999999,"b":-0.0e-99999999999999999999}""",
            $$"""{"a":"{{string.Concat(Enumerable.Repeat("\\u0000", 10_000))}}"}""",
            string.Concat(Enumerable.Repeat("""{"a":""", 63)) + "[]" + new string('}', 63),
            $$"""{"a":[{{string.Join(',', Enumerable.Repeat("{\"a\":{\"b\":1}}", 5000))}}]}""",
            $$"""{{{string.Join(',', Enumerable.Repeat("\"a\":{\"b\":{}}", 5000))}}}""",
        ];

    [Theory]
    [MemberData(nameof(Awkward))]
    public async Task PostEvent_WhateverIsInThePayload_IsAccepted(string payload)
    {
        var tenant = await api.NewTenantAsync();
        string[] conditions =
        [
            """{"field":"a","equals":"x"}""",
            """{"field":"a.b","lt":5}""",
            """{"field":"a.b.2.a","starts_with":"x"}""",
            """{"field":"a.a.a.a.a.a","exists":true}""",
            """{"field":"/\ufffd/x","not_in":[1,"1",null]}""",
        ];
        await tenant.NewEndpointAsync(
            $$$"""{"url":"https://a.test","filter":{"and":[{{{string.Join(',', conditions)}}}]}}"""
        );
        await tenant.NewEndpointAsync(
            $$$$"""{"url":"https://a.test","filter":{"not":{"or":[{{{{string.Join(',', conditions)}}}}]}}}"""
        );

        using var answer = await tenant.PostEventAsync(payload);
        await answer.ReadAsync(201);
    }
}
