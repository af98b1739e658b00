using System.Text.Json;
using WebhookDelivery.Core;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api.Tests;

public sealed class EndpointTests(TestApi api)
{
    private static readonly string[] Members =
    [
        "endpoint_id",
        "external_id",
        "url",
        "description",
        "metadata",
        "operational",
        "event_types",
        "filter",
        "headers",
        "signatures",
        "retry_schedule",
        "timeout_seconds",
        "rate_limit_per_second",
        "max_in_flight",
        "disabled",
        "disabled_reason",
        "disabled_at",
        "failing_since",
        "version",
        "created_at",
        "updated_at",
    ];

    [Fact]
    public async Task Post_UrlAlone_TakesDefaultsAndShowsTheSecretOnce()
    {
        var tenant = await api.NewTenantAsync();
        using var answer = await tenant.Http.PostAsync(
            "/v1/endpoints",
            Json.Body(new { url = "https://a.test/x" })
        );

        var created = await answer.ReadAsync(201);

        var id = created.Text("endpoint_id");
        Assert.Equal($"/v1/endpoints/{id}", answer.Headers.Location?.OriginalString);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.True(SigningSecret.TryParse(created.Text("secret"), out _));
        Assert.Equal(
            [.. Members, "secret"],
            created.EnumerateObject().Select(member => member.Name)
        );
        var read = await tenant.GetAsync($"/v1/endpoints/{id}");
        Assert.Equal(Members, read.EnumerateObject().Select(member => member.Name));
        Assert.Empty(read.Texts("event_types"));
        Assert.Equal(["stripe", "standard_webhooks"], read.Texts("signatures"));
        Assert.Equal(JsonValueKind.Null, read.GetProperty("retry_schedule").ValueKind);
        Assert.False(read.GetProperty("disabled").GetBoolean());
        Assert.Equal(1, read.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Post_Everything_IsKeptAndRedacted()
    {
        var tenant = await api.NewTenantAsync();

        var created = await tenant.NewEndpointAsync(
            """
            {
              "url": "https://a.test/x?y=1", "description": "für Ünïcode", "event_types": ["a.*", "b.**", "c"],
              "headers": {"X-Api-Key": "hush", "X-Empty": ""}, "secret": "sixteen chars ok",
              "retry_schedule": ["90s", "1500ms", "24h"], "timeout_seconds": 2.5,
              "rate_limit_per_second": 0.5, "max_in_flight": 1000, "disabled": true
            }
            """
        );

        Assert.Equal("sixteen chars ok", created.Text("secret"));
        var read = await tenant.GetAsync($"/v1/endpoints/{created.Text("endpoint_id")}");
        Assert.Equal("für Ünïcode", read.Text("description"));
        Assert.Equal(["a.*", "b.**", "c"], read.Texts("event_types"));
        Assert.Equal("***", read.GetProperty("headers").Text("X-Api-Key"));
        Assert.Equal(["stripe"], read.Texts("signatures"));
        Assert.Equal(["90s", "1500ms", "1d"], read.Texts("retry_schedule"));
        Assert.Equal(2.5, read.GetProperty("timeout_seconds").GetDouble());
        Assert.Equal(0.5, read.GetProperty("rate_limit_per_second").GetDouble());
        Assert.Equal(1000, read.GetProperty("max_in_flight").GetInt32());
        Assert.True(read.GetProperty("disabled").GetBoolean());
        Assert.DoesNotContain("hush", read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_ChangesWhatIsGivenAlone()
    {
        var tenant = await api.NewTenantAsync();
        var created = await tenant.NewEndpointAsync(
            """{"url":"https://a.test","description":"d","retry_schedule":[],"headers":{"X-A":"1"},"max_in_flight":2}"""
        );
        var path = $"/v1/endpoints/{created.Text("endpoint_id")}";

        var changed = await tenant.SendAsync(
            HttpMethod.Patch,
            path,
            """{"url":"https://b.test","description":null,"retry_schedule":null}""",
            200
        );

        Assert.False(changed.TryGetProperty("secret", out _));
        Assert.Equal("https://b.test", changed.Text("url"));
        Assert.Null(changed.Text("description"));
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("retry_schedule").ValueKind);
        Assert.Equal("***", changed.GetProperty("headers").Text("X-A"));
        Assert.Equal(2, changed.GetProperty("max_in_flight").GetInt32());
        Assert.Equal(2, changed.GetProperty("version").GetInt32());
        Assert.Equal(changed.ToString(), (await tenant.GetAsync(path)).ToString());
    }

    [Fact]
    public async Task Patch_EveryMember_CanBeSetAndCleared()
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}";

        var set = await tenant.SendAsync(
            HttpMethod.Patch,
            path,
            """{"event_types":["a"],"headers":{"X-B":"2"},"timeout_seconds":30,"rate_limit_per_second":10000,"max_in_flight":1,"disabled":true}""",
            200
        );
        var cleared = await tenant.SendAsync(
            HttpMethod.Patch,
            path,
            """{"event_types":null,"headers":null,"timeout_seconds":null,"rate_limit_per_second":null,"max_in_flight":null,"disabled":false}""",
            200
        );

        Assert.Equal(["a"], set.Texts("event_types"));
        Assert.True(set.GetProperty("disabled").GetBoolean());
        Assert.Empty(cleared.Texts("event_types"));
        Assert.Empty(cleared.GetProperty("headers").EnumerateObject());
        Assert.Equal(JsonValueKind.Null, cleared.GetProperty("timeout_seconds").ValueKind);
        Assert.Equal(JsonValueKind.Null, cleared.GetProperty("max_in_flight").ValueKind);
        Assert.False(cleared.GetProperty("disabled").GetBoolean());
    }

    [Fact]
    public async Task Delete_EndpointIsGone()
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}";

        await tenant.SendAsync(HttpMethod.Delete, path, null, 204);

        (await tenant.GetAsync(path, 404)).AssertProblem(404, "not_found");
        await tenant.SendAsync(HttpMethod.Delete, path, null, 404);
        await tenant.SendAsync(HttpMethod.Patch, path, "{}", 404);
        Assert.Empty((await tenant.GetAsync("/v1/endpoints")).Data());
    }

    [Fact]
    public async Task List_PagesOldestFirst()
    {
        var tenant = await api.NewTenantAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await tenant.NewEndpointAsync()).Text("endpoint_id"));
            await Task.Delay(2);
        }

        var first = await tenant.GetAsync("/v1/endpoints?limit=2");
        var rest = await tenant.GetAsync(
            $"/v1/endpoints?limit=2&cursor={first.Text("next_cursor")}"
        );

        Assert.Equal(
            ids,
            first.Data().Concat(rest.Data()).Select(item => item.Text("endpoint_id"))
        );
        Assert.Null(rest.Text("next_cursor"));
        Assert.All(first.Data(), item => Assert.False(item.TryGetProperty("secret", out _)));
    }

    [Fact]
    public async Task Post_EverythingNull_TakesTheDefaults()
    {
        var tenant = await api.NewTenantAsync();

        var created = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/endpoints",
            """
            {
              "url": "https://receiver.test/null", "description": null, "event_types": null,
              "headers": null, "secret": null, "retry_schedule": null, "timeout_seconds": null,
              "rate_limit_per_second": null, "max_in_flight": null, "disabled": null
            }
            """,
            201
        );

        Assert.False(created.GetProperty("disabled").GetBoolean());
        Assert.Empty(created.Texts("event_types"));
    }

    [Fact]
    public async Task Post_FiftyFirst_AnswersLimitReachedWithoutLookingAtItsUrl()
    {
        var tenant = await api.NewTenantAsync();
        for (var i = 0; i < 50; i++)
        {
            await tenant.NewEndpointAsync();
        }

        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/endpoints",
            new { url = "https://one-too-many.test/" },
            409
        );

        problem.AssertProblem(409, "endpoint_limit_reached");
        Assert.DoesNotContain("https://one-too-many.test/", FakeUrlPolicy.Asked);
    }

    [Fact]
    public async Task Rotate_ShowsTheNewSecretAndWhenTheOldOneEnds()
    {
        var tenant = await api.NewTenantAsync();
        var created = await tenant.NewEndpointAsync();
        var path = $"/v1/endpoints/{created.Text("endpoint_id")}/rotate-secret";
        var before = DateTimeOffset.UtcNow;

        var generated = await tenant.SendAsync(HttpMethod.Post, path, null, 200);
        var own = await tenant.SendAsync(
            HttpMethod.Post,
            path,
            new { overlap_seconds = 0, secret = "my own old secret" },
            200
        );

        Assert.NotEqual(created.Text("secret"), generated.Text("secret"));
        var expires = generated.GetProperty("previous_secret_expires_at").GetDateTimeOffset();
        Assert.InRange(
            expires - before,
            TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1),
            TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1)
        );
        Assert.Equal("my own old secret", own.Text("secret"));
        Assert.Equal(["stripe"], own.Texts("signatures"));
        Assert.Equal(JsonValueKind.Null, own.GetProperty("previous_secret_expires_at").ValueKind);
        Assert.Equal(3, own.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Rotate_TooOften_AnswersSecretLimit()
    {
        var tenant = await api.NewTenantAsync();
        var path =
            $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}/rotate-secret";
        for (var i = 0; i < 4; i++)
        {
            await tenant.SendAsync(HttpMethod.Post, path, "{}", 200);
        }

        var problem = await tenant.SendAsync(HttpMethod.Post, path, "{}", 409);

        problem.AssertProblem(409, "secret_limit_reached");
    }

    [Fact]
    public async Task Rotate_ForgettingTheOld_LeavesNothingOfItAndNeedsNoOverlap()
    {
        var tenant = await api.NewTenantAsync();
        var path =
            $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}/rotate-secret";

        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            path,
            """{"forget_old":true,"overlap_seconds":60}""",
            400
        );
        var rotated = await tenant.SendAsync(HttpMethod.Post, path, """{"forget_old":true}""", 200);

        problem.AssertProblem(400, "validation_failed", "forget_old");
        Assert.Equal(
            JsonValueKind.Null,
            rotated.GetProperty("previous_secret_expires_at").ValueKind
        );
        Assert.Equal(2, rotated.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task ForgetOldSecrets_EndsAnOverlapAtOnce()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}";
        for (var i = 0; i < 4; i++)
        {
            await tenant.SendAsync(HttpMethod.Post, endpoint + "/rotate-secret", "{}", 200);
        }

        await tenant.SendAsync(HttpMethod.Delete, endpoint + "/old-secrets", null, 204);

        // As many live secrets as there may be were there; now a further one has room.
        await tenant.SendAsync(HttpMethod.Post, endpoint + "/rotate-secret", "{}", 200);
    }

    [Fact]
    public async Task Rotate_BadBody_TellsEveryFault()
    {
        var tenant = await api.NewTenantAsync();
        var path =
            $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}/rotate-secret";

        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            path,
            """{"overlap_seconds":604801,"secret":"short","x":0}""",
            400
        );

        problem.AssertProblem(400, "validation_failed", "overlap_seconds", "secret", "x");
        Assert.DoesNotContain("short", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_SendsAnEventToThisEndpointAlone()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (
            await tenant.NewEndpointAsync("""{"url":"https://a.test","event_types":["never"]}""")
        ).Text("endpoint_id");
        await tenant.NewEndpointAsync();

        var sent = await tenant.SendAsync(
            HttpMethod.Post,
            $"/v1/endpoints/{endpoint}/test",
            null,
            202
        );

        var body = await tenant.GetAsync($"/v1/events/{sent.Text("event_id")}");
        Assert.Equal("webhook.test", body.Text("type"));
        Assert.Equal(endpoint, body.GetProperty("payload").Text("endpoint_id"));
        var delivery = Assert.Single(body.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(endpoint, delivery.Text("endpoint_id"));
        Assert.True(EventId.TryParse(sent.Text("event_id"), out var id));
        var stored = await api.Events.FindAsync(tenant.Id, id, CancellationToken.None);
        Assert.Equal(EventSource.Test, stored!.Event.Source);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/rotate-secret")]
    [InlineData("DELETE", "/old-secrets")]
    [InlineData("POST", "/test")]
    public async Task Any_ForeignUnknownAndMalformedId_AnswerTheSameBytes(
        string method,
        string rest
    )
    {
        var owner = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        var foreign = (await owner.NewEndpointAsync()).Text("endpoint_id");
        var answers = new HashSet<string>();
        string[] ids =
        [
            foreign,
            new EndpointId(Guid.CreateVersion7()).ToString(),
            "ep_1",
            "%f0%28",
        ];
        foreach (var id in ids)
        {
            var problem = await other.SendAsync(
                new HttpMethod(method),
                $"/v1/endpoints/{id}{rest}",
                method is "GET" or "DELETE" ? null : "{}",
                404
            );
            problem.AssertProblem(404, "not_found");
            answers.Add(problem.ToString());
        }

        Assert.Single(answers);
        Assert.Equal(
            1,
            (await owner.GetAsync($"/v1/endpoints/{foreign}")).GetProperty("version").GetInt32()
        );
    }
}
