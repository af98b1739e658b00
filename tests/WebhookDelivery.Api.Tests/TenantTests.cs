namespace WebhookDelivery.Api.Tests;

public sealed class TenantTests(TestApi api)
{
    private static int s_ids;

    [Fact]
    public async Task Post_WithTarget_MakesKeyEndpointAndSecret()
    {
        var id = NewId();
        using var answer = await api.Operator.PostAsync(
            "/v1/tenants",
            Json.Body(
                new
                {
                    tenant_id = id,
                    name = "Ünïcode",
                    target_url = "https://a.test/hook",
                    webhook_secret = "my receivers know this",
                }
            )
        );

        var created = await answer.ReadAsync(201);

        Assert.Equal($"/v1/tenants/{id}", answer.Headers.Location?.OriginalString);
        Assert.Equal(id, created.Text("tenant_id"));
        Assert.Equal("Ünïcode", created.Text("name"));
        Assert.StartsWith("whk_", created.Text("api_key"), StringComparison.Ordinal);
        var endpoint = created.GetProperty("endpoint");
        Assert.Equal("https://a.test/hook", endpoint.Text("url"));
        Assert.Equal("my receivers know this", endpoint.Text("secret"));
        using var client = api.Client(created.Text("api_key"));
        using var list = await client.GetAsync("/v1/endpoints");
        Assert.Equal(
            endpoint.Text("endpoint_id"),
            Assert.Single((await list.ReadAsync(200)).Data()).Text("endpoint_id")
        );
    }

    [Fact]
    public async Task Post_IdInUse_AnswersTenantExists()
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await PostAsync(new { tenant_id = tenant.Id.Value });

        await answer.AssertProblemAsync(409, "tenant_exists");
    }

    [Theory]
    [InlineData("{}", new[] { "tenant_id" })]
    [InlineData("""{"tenant_id":null}""", new[] { "tenant_id" })]
    [InlineData("""{"tenant_id":7,"name":7,"x":7}""", new[] { "tenant_id", "name", "x" })]
    [InlineData("""{"tenant_id":"No"}""", new[] { "tenant_id" })]
    [InlineData(
        """{"tenant_id":"a b","target_url":"http://a.test","webhook_secret":"short"}""",
        new[] { "tenant_id", "target_url", "webhook_secret" }
    )]
    [InlineData(
        """{"tenant_id":"abc-no-target","webhook_secret":"sixteen characters"}""",
        new[] { "webhook_secret" }
    )]
    public async Task Post_Faults_AreToldAtOnce(string body, string[] members)
    {
        using var answer = await PostAsync(body);

        await answer.AssertProblemAsync(400, "validation_failed", members);
    }

    [Fact]
    public async Task Post_LongName_IsRefused()
    {
        using var answer = await PostAsync(
            new { tenant_id = NewId(), name = new string('n', 201) }
        );

        await answer.AssertProblemAsync(400, "validation_failed", "name");
    }

    [Fact]
    public async Task Patch_Name_ChangesAndClearsIt()
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/tenants/{tenant.Id}";

        using var set = await api.Operator.PatchAsync(path, Json.Body(new { name = "N" }));
        using var same = await api.Operator.PatchAsync(path, Json.Body("{}"));
        using var cleared = await api.Operator.PatchAsync(path, Json.Body("""{"name":null}"""));
        using var bad = await api.Operator.PatchAsync(path, Json.Body("""{"name":1,"y":2}"""));

        Assert.Equal("N", (await set.ReadAsync(200)).Text("name"));
        Assert.Equal("N", (await same.ReadAsync(200)).Text("name"));
        Assert.Null((await cleared.ReadAsync(200)).Text("name"));
        await bad.AssertProblemAsync(400, "validation_failed", "name", "y");
    }

    [Fact]
    public async Task Delete_TenantIsGone()
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/tenants/{tenant.Id}";

        using var deleted = await api.Operator.DeleteAsync(path);
        using var again = await api.Operator.DeleteAsync(path);
        using var read = await api.Operator.GetAsync(path);
        using var patched = await api.Operator.PatchAsync(path, Json.Body(new { name = "N" }));
        using var keys = await api.Operator.GetAsync(path + "/api-keys");
        using var key = await api.Operator.PostAsync(path + "/api-keys", null);

        await deleted.ReadAsync(204);
        foreach (var answer in new[] { again, read, patched, keys, key })
        {
            await answer.AssertProblemAsync(404, "not_found");
        }

        Assert.DoesNotContain(tenant.Id.Value, await AllAsync());
    }

    [Fact]
    public async Task List_PagesThroughEveryTenant()
    {
        var one = await api.NewTenantAsync();
        var two = await api.NewTenantAsync();

        var all = await AllAsync();

        Assert.Contains(one.Id.Value, all);
        Assert.Contains(two.Id.Value, all);
        Assert.Equal(all.Order(StringComparer.Ordinal), all);
        using var bad = await api.Operator.GetAsync("/v1/tenants?limit=x&cursor=y");
        await bad.AssertProblemAsync(400, "validation_failed", "limit", "cursor");
    }

    [Fact]
    public async Task ApiKeys_AreListedWithoutSecretsAndRevoked()
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/tenants/{tenant.Id}/api-keys";
        using var made = await api.Operator.PostAsync(path, Json.Body(new { description = "CI" }));
        var key = await made.ReadAsync(201);
        using var revoked = await api.Operator.DeleteAsync($"{path}/{key.Text("key_id")}");
        using var again = await api.Operator.DeleteAsync($"{path}/{key.Text("key_id")}");

        var text = await api.Operator.GetStringAsync(path);
        using var first = await api.Operator.GetAsync(path + "?limit=1");
        var firstPage = await first.ReadAsync(200);
        using var second = await api.Operator.GetAsync(
            $"{path}?limit=1&cursor={firstPage.Text("next_cursor")}"
        );

        await revoked.ReadAsync(204);
        await again.ReadAsync(204);
        Assert.DoesNotContain("whk_", text, StringComparison.Ordinal);
        var last = Assert.Single((await second.ReadAsync(200)).Data());
        Assert.Equal(key.Text("key_id"), last.Text("key_id"));
        Assert.Equal("CI", last.Text("description"));
        Assert.NotNull(last.Text("revoked_at"));
    }

    [Fact]
    public async Task ApiKeys_UnknownForeignOrBad_AreRefused()
    {
        var tenant = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        var path = $"/v1/tenants/{tenant.Id}/api-keys";
        var foreign = other.Key.Substring(4, 16);

        using var unknown = await api.Operator.DeleteAsync($"{path}/0123456789abcdef");
        using var huge = await api.Operator.DeleteAsync($"{path}/{new string('k', 3000)}");
        using var others = await api.Operator.DeleteAsync($"{path}/{foreign}");
        using var bad = await api.Operator.PostAsync(
            path,
            Json.Body(new { description = new string('d', 201), role = "operator" })
        );

        await unknown.AssertProblemAsync(404, "not_found");
        await huge.AssertProblemAsync(404, "not_found");
        await others.AssertProblemAsync(404, "not_found");
        await bad.AssertProblemAsync(400, "validation_failed", "description", "role");
        await other.AssertNoEventsAsync();
    }

    private async Task<List<string>> AllAsync()
    {
        var all = new List<string>();
        string? cursor = null;
        do
        {
            using var answer = await api.Operator.GetAsync(
                "/v1/tenants?limit=3" + (cursor is null ? "" : $"&cursor={cursor}")
            );
            var page = await answer.ReadAsync(200);
            all.AddRange(page.Data().Select(item => item.Text("tenant_id")));
            cursor = page.Text("next_cursor");
        } while (cursor is not null);

        return all;
    }

    private Task<HttpResponseMessage> PostAsync(object body) =>
        api.Operator.PostAsync("/v1/tenants", Json.Body(body));

    private static string NewId() => $"own-{Interlocked.Increment(ref s_ids)}";
}
