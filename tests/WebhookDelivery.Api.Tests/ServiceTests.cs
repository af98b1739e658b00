using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

public sealed class ServiceTests(TestApi api)
{
    private const string Reasons =
        "delivered,http_status,throttled,endpoint_gone,timeout,connect_failed,dns_failed,tls_failed,bad_response,blocked_address,endpoint_disabled,endpoint_deleted,cancelled,poison,aborted,disabled_by_receiver,failing";

    [Fact]
    public async Task Live_Answers()
    {
        using var answer = await api.Anonymous.GetAsync("/health/live");

        Assert.Equal("live", (await answer.ReadAsync(200)).Text("status"));
    }

    [Fact]
    public async Task Ready_TellsTheFaultsWhileThereAreAny()
    {
        using var good = await api.Anonymous.GetAsync("/health/ready");
        api.Readiness.Find = () => "The disk is full.";
        using var bad = await api.Anonymous.GetAsync("/health/ready");
        api.Readiness.Find = () => throw new InvalidOperationException("hush");
        using var broken = await api.Anonymous.GetAsync("/health/ready");
        api.Readiness.Find = () => null;

        Assert.Equal("""{"status":"ready"}""", (await good.ReadAsync(200)).ToString());
        var problem = await bad.AssertProblemAsync(503, "not_ready");
        Assert.Equal(["The disk is full."], problem.Texts("faults"));
        var thrown = await broken.AssertProblemAsync(503, "not_ready");
        Assert.DoesNotContain("hush", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health/live", null, 200)]
    [InlineData("/health/ready", null, 200)]
    [InlineData("/health/ready", "The disk is full.", 503)]
    public async Task Head_AnswersTheStatusAlone(string path, string? fault, int status)
    {
        api.Readiness.Find = () => fault;
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await api.Anonymous.SendAsync(request);
        api.Readiness.Find = () => null;

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Document_HasEveryRouteAndNoOther()
    {
        var document = await DocumentAsync();

        var documented = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(each => $"{each.Name.ToUpperInvariant()} {path.Name}")
            );

        var mapped = api
            .Routes.Where(route => route.RoutePattern.RawText != "/broken")
            .SelectMany(route =>
                route
                    .Metadata.OfType<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()
                    .Single()
                    .HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}")
            );
        Assert.Equal(
            mapped.Order(StringComparer.Ordinal),
            documented.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Document_DescribesEveryOperation()
    {
        var document = await DocumentAsync();
        var operations = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject().Select(each => (path.Name, each.Value))
            );
        foreach (var (path, operation) in operations)
        {
            Assert.NotEqual("", operation.Text("summary"));
            Assert.NotEqual("", operation.Text("operationId"));
            var responses = operation.GetProperty("responses").EnumerateObject().ToList();
            Assert.Contains(responses, response => response.Name[0] == '2');
            Assert.All(
                responses.Where(response => response.Name[0] is '4' or '5'),
                response =>
                {
                    Assert.Contains('`', response.Value.Text("description"));
                    Assert.Equal(
                        "#/components/schemas/Problem",
                        response
                            .Value.GetProperty("content")
                            .GetProperty("application/problem+json")
                            .GetProperty("schema")
                            .Text("$ref")
                    );
                }
            );
            var parameters = operation.TryGetProperty("parameters", out var list)
                ? list.EnumerateArray().Count(each => each.Text("in") == "path")
                : 0;
            Assert.Equal(path.Count(character => character == '{'), parameters);
            var open = !path.StartsWith("/v1", StringComparison.Ordinal) && path != "/events";
            Assert.Equal(
                open,
                !operation.TryGetProperty("security", out var security)
                    || security.GetArrayLength() == 0
            );
        }
    }

    [Fact]
    public async Task Document_OperationIds_AreDistinct()
    {
        var ids = (await DocumentAsync())
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.Text("operationId"))
            .ToList();

        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData("/v1/events")]
    [InlineData("/events")]
    public async Task Document_PostEvent_TellsDepthAndHowTheTypeIsFound(string path)
    {
        var text = (await OperationAsync("post", path)).Text("description");

        Assert.Contains("64 levels", text, StringComparison.Ordinal);
        Assert.Contains("type, event_type, event", text, StringComparison.Ordinal);
        Assert.Contains("1 to 255 printable ASCII", text, StringComparison.Ordinal);
        Assert.Contains("passed over", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accepted", "status", "PENDING,UNROUTED")]
    [InlineData(
        "Event",
        "status",
        "UNROUTED,FAILED,PENDING,PARKED,DEAD_LETTER,CANCELLED,DELIVERED"
    )]
    [InlineData(
        "EventItem",
        "status",
        "UNROUTED,FAILED,PENDING,PARKED,DEAD_LETTER,CANCELLED,DELIVERED"
    )]
    [InlineData("Delivery", "status", "PENDING,FAILED,PARKED,DEAD_LETTER,CANCELLED,DELIVERED")]
    [InlineData("Event", "source", "live,test,redeliver,recover,replay,operational")]
    [InlineData("EventItem", "source", "live,test,redeliver,recover,replay,operational")]
    [InlineData("Health", "status", "live,ready")]
    [InlineData("Attempt", "reason", Reasons)]
    [InlineData("Delivery", "last_reason", Reasons + ",")]
    [InlineData("DeadLetter", "last_reason", Reasons + ",")]
    [InlineData("Endpoint", "disabled_reason", Reasons + ",")]
    public async Task Document_Codes_AreListed(string schema, string member, string codes)
    {
        var described = (await SchemaAsync(schema)).GetProperty("properties").GetProperty(member);

        Assert.Equal(
            codes.Split(',').Order(StringComparer.Ordinal),
            described.Texts("enum").Select(code => code ?? "").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Document_Parameters_TellTheirBounds()
    {
        var parameters = (await OperationAsync("get", "/v1/events"))
            .GetProperty("parameters")
            .EnumerateArray()
            .ToDictionary(each => each.Text("name"), each => each.GetProperty("schema"));

        Assert.Equal(1, parameters["limit"].GetProperty("minimum").GetInt32());
        Assert.Equal(100, parameters["limit"].GetProperty("maximum").GetInt32());
        Assert.Equal(50, parameters["limit"].GetProperty("default").GetInt32());
        Assert.Equal(
            ["CANCELLED", "DEAD_LETTER", "DELIVERED", "FAILED", "PARKED", "PENDING"],
            parameters["status"].Texts("enum").Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("CreateEndpointRequest", "rate_limit_per_second", 0.001, 10_000)]
    [InlineData("UpdateEndpointRequest", "rate_limit_per_second", 0.001, 10_000)]
    [InlineData("CreateEndpointRequest", "timeout_seconds", 1, 30)]
    [InlineData("UpdateEndpointRequest", "timeout_seconds", 1, 30)]
    [InlineData("CreateEndpointRequest", "max_in_flight", 1, 1000)]
    [InlineData("UpdateEndpointRequest", "max_in_flight", 1, 1000)]
    [InlineData("RotateSecretRequest", "overlap_seconds", 0, 604_800)]
    [InlineData("RequeueRequest", "max_messages", 1, 10_000)]
    [InlineData("OperatorRequeueRequest", "max_messages", 1, 10_000)]
    public async Task Document_Numbers_TellTheirBounds(
        string schema,
        string member,
        double minimum,
        double maximum
    )
    {
        var described = (await SchemaAsync(schema)).GetProperty("properties").GetProperty(member);

        Assert.Equal(minimum, described.GetProperty("minimum").GetDouble());
        Assert.Equal(maximum, described.GetProperty("maximum").GetDouble());
    }

    [Fact]
    public async Task Document_CreateEndpoint_TakesNullForDisabled()
    {
        var schema = await SchemaAsync("CreateEndpointRequest");
        var disabled = schema.GetProperty("properties").GetProperty("disabled");

        Assert.Contains("null", disabled.Texts("type"));
    }

    [Fact]
    public async Task Document_Refusals_TellTheirHeaders()
    {
        var responses = (await OperationAsync("post", "/v1/events")).GetProperty("responses");
        var ready = (await OperationAsync("get", "/health/ready")).GetProperty("responses");

        Assert.True(
            responses
                .GetProperty("401")
                .GetProperty("headers")
                .TryGetProperty("WWW-Authenticate", out _)
        );
        Assert.Equal(
            "integer",
            responses
                .GetProperty("503")
                .GetProperty("headers")
                .GetProperty("Retry-After")
                .GetProperty("schema")
                .Text("type")
        );
        Assert.False(ready.GetProperty("503").TryGetProperty("headers", out _));
    }

    [Fact]
    public async Task Document_NamesEveryErrorOfTheCatalogue()
    {
        // method_not_allowed is what addresses answer to methods that the document does not have.
        var text = (await DocumentAsync()).ToString();

        Assert.All(
            ErrorCodes.All.Where(error => error != ErrorCodes.MethodNotAllowed),
            error => Assert.Contains($"`{error.Code}`", text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Document_References_AllResolve()
    {
        var document = await DocumentAsync();
        var schemas = document.GetProperty("components").GetProperty("schemas");

        var text = document.ToString();
        var references = System.Text.RegularExpressions.Regex.Matches(
            text,
            "#/components/schemas/(?<name>[^\"]+)",
            System.Text.RegularExpressions.RegexOptions.NonBacktracking
        );

        Assert.NotEmpty(references);
        Assert.All(
            references,
            match =>
                Assert.True(schemas.TryGetProperty(match.Groups["name"].Value, out _), match.Value)
        );
        Assert.Equal(
            "date-time",
            schemas
                .GetProperty("Endpoint")
                .GetProperty("properties")
                .GetProperty("created_at")
                .Text("format")
        );
    }

    [Fact]
    public async Task Document_RequestSchemas_AreWhatTheRoutesTake()
    {
        var tenant = await api.NewTenantAsync();
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        var endpoint = $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}";
        (string Schema, HttpMethod Method, string Path, HttpClient Client)[] routes =
        [
            ("CreateEndpointRequest", HttpMethod.Post, "/v1/endpoints", tenant.Http),
            ("UpdateEndpointRequest", HttpMethod.Patch, endpoint, tenant.Http),
            ("RotateSecretRequest", HttpMethod.Post, endpoint + "/rotate-secret", tenant.Http),
            ("RedeliverRequest", HttpMethod.Post, "/v1/events/evt_1/redeliver", tenant.Http),
            ("RequeueRequest", HttpMethod.Post, "/v1/dead-letters/requeue", tenant.Http),
            ("CreateTenantRequest", HttpMethod.Post, "/v1/tenants", api.Operator),
            ("UpdateTenantRequest", HttpMethod.Patch, $"/v1/tenants/{tenant.Id}", api.Operator),
            (
                "CreateApiKeyRequest",
                HttpMethod.Post,
                $"/v1/tenants/{tenant.Id}/api-keys",
                api.Operator
            ),
            (
                "OperatorRequeueRequest",
                HttpMethod.Post,
                "/v1/admin/dead-letters/requeue",
                api.Operator
            ),
        ];
        foreach (var (schema, method, path, client) in routes)
        {
            // Every member at once, each of a type that none takes: all are known, all are faulty.
            var members = schemas.GetProperty(schema).GetProperty("properties").EnumerateObject();
            var body = members.ToDictionary(member => member.Name, _ => new[] { new[] { 0 } });
            using var request = new HttpRequestMessage(method, path) { Content = Json.Body(body) };
            using var answer = await client.SendAsync(request);
            var problem = await answer.ReadAsync(400);
            var errors = problem.GetProperty("errors");
            Assert.DoesNotContain("Unknown member", errors.ToString(), StringComparison.Ordinal);
            Assert.Equal(
                body.Keys.Order(StringComparer.Ordinal),
                errors
                    .EnumerateObject()
                    .Select(error => error.Name.Split('[')[0])
                    .Distinct()
                    .Order(StringComparer.Ordinal)
            );
        }
    }

    [Fact]
    public void Options_OutOfBounds_AreRefused()
    {
        Assert.Empty(new ApiOptions().FindFaults());
        Assert.Single(new ApiOptions { MaxPayloadBytes = 0 }.FindFaults());
        Assert.Single(
            new ApiOptions { MaxPayloadBytes = ApiOptions.PayloadBytesCeiling + 1 }.FindFaults()
        );
        Assert.Throws<ArgumentException>(() =>
            new Microsoft.Extensions.DependencyInjection.ServiceCollection().AddWebhookDeliveryApi(
                new ApiOptions { MaxPayloadBytes = -1 }
            )
        );
    }

    [Fact]
    public void ErrorCodes_AreDistinct()
    {
        Assert.Equal(
            ErrorCodes.All.Count,
            ErrorCodes.All.Select(error => error.Code).Distinct(StringComparer.Ordinal).Count()
        );
        Assert.Equal(typeof(ErrorCodes).GetFields().Length, ErrorCodes.All.Count);
    }

    [Fact]
    public async Task Log_HoldsNoKeysSecretsOrPayloads()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = await tenant.NewEndpointAsync();
        await tenant.NewEventAsync("""{"a":"payload-marker"}""");
        FaultyEventStore.Faults[tenant.Id] = new InvalidDataException("broken");
        using var failed = await tenant.PostEventAsync("""{"a":"payload-marker"}""");

        await failed.AssertProblemAsync(500, "internal_error");
        var log = string.Join('\n', api.Log);
        Assert.DoesNotContain(tenant.Key, log, StringComparison.Ordinal);
        Assert.DoesNotContain(endpoint.Text("secret"), log, StringComparison.Ordinal);
        Assert.DoesNotContain("payload-marker", log, StringComparison.Ordinal);
    }

    private async Task<JsonElement> OperationAsync(string method, string path) =>
        (await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(method);

    private async Task<JsonElement> SchemaAsync(string name) =>
        (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty(name);

    private async Task<JsonElement> DocumentAsync()
    {
        using var answer = await api.Anonymous.GetAsync("/openapi/v1.json");
        return await answer.ReadAsync(200);
    }
}
