using System.Text.Json;

namespace WebhookDelivery.Api.Tests;

/// <summary>Members of an endpoint that say what it is to its tenant: own id, notes, operational.</summary>
public sealed class EndpointMembersTests(TestApi api)
{
    [Fact]
    public async Task Post_OwnIdAndNotes_AreKept()
    {
        var tenant = await api.NewTenantAsync();

        var created = await tenant.NewEndpointAsync(
            """
            {
              "url": "https://a.test", "external_id": "crm_EU.west-1",
              "metadata": {"Team": "Vertrieb", "team": "", "ключ": "значение"}, "operational": true
            }
            """
        );

        var read = await tenant.GetAsync($"/v1/endpoints/{created.Text("endpoint_id")}");
        Assert.Equal("crm_EU.west-1", read.Text("external_id"));
        Assert.Equal(
            """{"Team":"Vertrieb","team":"","ключ":"значение"}""",
            read.GetProperty("metadata").GetRawText()
        );
        Assert.True(read.GetProperty("operational").GetBoolean());
    }

    [Fact]
    public async Task Patch_Metadata_ReplacesIt()
    {
        var tenant = await api.NewTenantAsync();
        var id = (
            await tenant.NewEndpointAsync(
                """{"url":"https://a.test","metadata":{"a":"1","b":"2"}}"""
            )
        ).Text("endpoint_id");

        Assert.Equal(
            """{"a":"1","b":"2"}""",
            await PatchAsync(tenant, id, """{"description":"x"}""")
        );
        Assert.Equal("""{"b":"3"}""", await PatchAsync(tenant, id, """{"metadata":{"b":"3"}}"""));
        Assert.Equal("{}", await PatchAsync(tenant, id, """{"metadata":null}"""));
    }

    [Theory]
    [InlineData("external_id")]
    [InlineData("operational")]
    public async Task Patch_WhatIsSetOnce_IsRefused(string member)
    {
        var tenant = await api.NewTenantAsync();
        var id = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var problem = await tenant.SendAsync(
            HttpMethod.Patch,
            $"/v1/endpoints/{id}",
            $$"""{"{{member}}":null}""",
            400
        );
        problem.AssertProblem(400, "validation_failed", member);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ep_1")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("..")]
    public async Task Post_OwnIdThatIsNone_IsRefused(string id)
    {
        var problem = await RefusedAsync(new { url = "https://a.test", external_id = id });
        problem.AssertProblem(400, "validation_failed", "external_id");
    }

    [Fact]
    public async Task Post_OwnIdOfAnother_IsAConflict()
    {
        var tenant = await api.NewTenantAsync();
        const string Body = """{"url":"https://a.test","external_id":"crm"}""";
        var first = (await tenant.NewEndpointAsync(Body)).Text("endpoint_id");

        var problem = await tenant.SendAsync(HttpMethod.Post, "/v1/endpoints", Body, 409);

        problem.AssertProblem(409, "external_id_in_use");
        await tenant.SendAsync(HttpMethod.Delete, $"/v1/endpoints/{first}", null, 204);
        await tenant.NewEndpointAsync(Body);
        await (await api.NewTenantAsync()).NewEndpointAsync(Body);
    }

    [Fact]
    public async Task Post_NotesBeyondTheBounds_TellsEveryFault()
    {
        var problem = await RefusedAsync(
            new
            {
                url = "https://a.test",
                metadata = new Dictionary<string, string>
                {
                    ["ok"] = new string('v', 500),
                    [new string('n', 41)] = "",
                    ["long"] = new string('v', 501),
                    [""] = "x",
                },
            }
        );
        problem.AssertProblem(
            400,
            "validation_failed",
            "metadata[1]",
            "metadata.long",
            "metadata[3]"
        );

        problem = await RefusedAsync(
            new
            {
                url = "https://a.test",
                metadata = Enumerable.Range(0, 21).ToDictionary(i => $"k{i}", _ => ""),
            }
        );
        problem.AssertProblem(400, "validation_failed", "metadata");
    }

    [Theory]
    [InlineData("""{"a":1}""", "metadata[0]")]
    [InlineData("""{"a":"1","a":"2"}""", "metadata.a")]
    [InlineData("""{"\ud800":"1"}""", "metadata[0]")]
    [InlineData("""["a"]""", "metadata")]
    public async Task Post_NotesOfAnotherForm_AreRefused(string metadata, string member)
    {
        var tenant = await api.NewTenantAsync();
        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/endpoints",
            $$"""{"url":"https://a.test","metadata":{{metadata}}}""",
            400
        );
        problem.AssertProblem(400, "validation_failed", member);
    }

    private async Task<JsonElement> RefusedAsync(object body)
    {
        var tenant = await api.NewTenantAsync();
        return await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/endpoints",
            JsonSerializer.Serialize(body),
            400
        );
    }

    private static async Task<string> PatchAsync(TestTenant tenant, string id, string body) =>
        (await tenant.SendAsync(HttpMethod.Patch, $"/v1/endpoints/{id}", body, 200))
            .GetProperty("metadata")
            .GetRawText();
}
