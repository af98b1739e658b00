using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Api.Tests;

public sealed class EndpointValidationTests(TestApi api)
{
    [Fact]
    public async Task Post_WrongTypes_TellsEveryFaultAtOnce()
    {
        var problem = await RefusedAsync(
            """
            {
              "url": 1, "description": [], "event_types": "a", "headers": ["x"], "secret": {},
              "retry_schedule": {"0": "1m"}, "timeout_seconds": "15", "rate_limit_per_second": true,
              "max_in_flight": 1.5, "disabled": "no", "Url": "https://a.test", "endpoint_id": "ep_x"
            }
            """
        );

        problem.AssertProblem(
            400,
            "validation_failed",
            "url",
            "description",
            "event_types",
            "headers",
            "secret",
            "retry_schedule",
            "timeout_seconds",
            "rate_limit_per_second",
            "max_in_flight",
            "disabled",
            "Url",
            "endpoint_id"
        );
        Assert.Equal(
            "Must be a string.",
            Assert.Single(problem.GetProperty("errors").Texts("url"))
        );
    }

    [Fact]
    public async Task Post_BadValues_TellsEveryFaultAtOnce()
    {
        var problem = await RefusedAsync(
            JsonSerializer.Serialize(
                new
                {
                    url = "http://internal.test/",
                    description = new string('x', 1001),
                    event_types = new[] { "ok", "a.b*", "" },
                    headers = new Dictionary<string, string> { ["Host"] = "x" },
                    secret = "short",
                    retry_schedule = new[] { "1m", "0s", "8d", "soon" },
                    timeout_seconds = 30.5,
                    rate_limit_per_second = 0,
                    max_in_flight = 1001,
                    unknown = 1,
                }
            )
        );

        problem.AssertProblem(
            400,
            "validation_failed",
            "url",
            "description",
            "event_types[1]",
            "event_types[2]",
            "headers.Host",
            "secret",
            "retry_schedule[1]",
            "retry_schedule[2]",
            "retry_schedule[3]",
            "timeout_seconds",
            "rate_limit_per_second",
            "max_in_flight",
            "unknown"
        );
    }

    [Theory]
    [InlineData("{}", "url")]
    [InlineData("""{"url":null}""", "url")]
    [InlineData("""{"url":""}""", "url")]
    [InlineData("""{"url":"//a.test"}""", "url")]
    [InlineData("""{"url":"ftp://a.test"}""", "url")]
    [InlineData("""{"url":"\ud800"}""", "url")]
    [InlineData("""{"url":"https://a.test","url":"https://b.test"}""", "url")]
    [InlineData("""{"url":"https://a.test","\ud800":1}""", "?")]
    [InlineData("""{"url":"https://a.test","event_types":[null]}""", "event_types[0]")]
    [InlineData("""{"url":"https://a.test","event_types":["a",1]}""", "event_types[1]")]
    [InlineData("""{"url":"https://a.test","retry_schedule":["7d","7d","1s"]}""", "retry_schedule")]
    [InlineData("""{"url":"https://a.test","timeout_seconds":0.99}""", "timeout_seconds")]
    [InlineData("""{"url":"https://a.test","timeout_seconds":1e999}""", "timeout_seconds")]
    [InlineData("""{"url":"https://a.test","rate_limit_per_second":-1}""", "rate_limit_per_second")]
    [InlineData(
        """{"url":"https://a.test","rate_limit_per_second":10000.1}""",
        "rate_limit_per_second"
    )]
    [InlineData("""{"url":"https://a.test","max_in_flight":0}""", "max_in_flight")]
    [InlineData("""{"url":"https://a.test","max_in_flight":99999999999}""", "max_in_flight")]
    [InlineData("""{"url":"https://a.test","secret":"tabs\tare not printable"}""", "secret")]
    public async Task Post_OneFault_IsNamed(string body, string member) =>
        (await RefusedAsync(body)).AssertProblem(400, "validation_failed", member);

    [Theory]
    [InlineData("Host")]
    [InlineData("hOST")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Authorization")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Upgrade")]
    [InlineData("Expect")]
    [InlineData("Content-Length")]
    [InlineData("content-type")]
    [InlineData("Cookie")]
    [InlineData("Set-Cookie")]
    [InlineData("User-Agent")]
    [InlineData("Accept-Encoding")]
    [InlineData("webhook-id")]
    [InlineData("WEBHOOK-anything")]
    [InlineData("Stripe-Signature")]
    [InlineData("traceparent")]
    public async Task Post_DeniedHeader_IsRefused(string name) =>
        (await RefusedAsync(WithHeaders(new() { [name] = "x" }))).AssertProblem(
            400,
            "validation_failed",
            $"headers.{name}"
        );

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("tab\t")]
    [InlineData("ümlaut")]
    [InlineData("***")]
    public async Task Post_BadHeaderValue_IsRefused(string value)
    {
        var problem = await RefusedAsync(WithHeaders(new() { ["X-A"] = value }));

        problem.AssertProblem(400, "validation_failed", "headers.X-A");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("X A")]
    [InlineData("X:A")]
    [InlineData("X-A\r\nX-B")]
    [InlineData("ü")]
    public async Task Post_HeaderNameThatIsNone_IsRefused(string name)
    {
        var problem = await RefusedAsync(WithHeaders(new() { ["X-Good"] = "1", [name] = "x" }));

        problem.AssertProblem(400, "validation_failed", "headers[1]");
    }

    [Fact]
    public async Task Post_TooManyLongOrRepeatedHeaders_AreRefused()
    {
        var many = Enumerable.Range(0, 21).ToDictionary(i => $"X-{i}", _ => "v");
        var longValue = new Dictionary<string, string> { ["X-A"] = new('v', 1001) };
        var longName = new Dictionary<string, string> { [new('n', 101)] = "v" };

        (await RefusedAsync(WithHeaders(many))).AssertProblem(400, "validation_failed", "headers");
        (await RefusedAsync(WithHeaders(longValue))).AssertProblem(
            400,
            "validation_failed",
            "headers.X-A"
        );
        (await RefusedAsync(WithHeaders(longName))).AssertProblem(
            400,
            "validation_failed",
            "headers[0]"
        );
        (
            await RefusedAsync("""{"url":"https://a.test","headers":{"X-A":"1","x-a":"2"}}""")
        ).AssertProblem(400, "validation_failed", "headers.x-a");
        (await RefusedAsync("""{"url":"https://a.test","headers":{"X-A":1}}""")).AssertProblem(
            400,
            "validation_failed",
            "headers[0]"
        );
    }

    [Fact]
    public async Task Post_TooManyItems_AreRefused()
    {
        var types = Enumerable.Range(0, 101).Select(i => $"t{i}");
        var waits = Enumerable.Repeat("1s", 21);

        var problem = await RefusedAsync(
            JsonSerializer.Serialize(
                new
                {
                    url = "https://a.test",
                    event_types = types,
                    retry_schedule = waits,
                }
            )
        );

        problem.AssertProblem(400, "validation_failed", "event_types", "retry_schedule");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{\"url\":\"x\",}")]
    [InlineData("""{"a":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}""")]
    public async Task Post_MalformedJson_AnswersInvalidJson(string body) =>
        (await RefusedAsync(body)).AssertProblem(400, "invalid_json");

    [Fact]
    public async Task Post_NotUtf8_AnswersInvalidJson()
    {
        var tenant = await api.NewTenantAsync();
        using var content = Json.Body("{}");
        using var bad = new ByteArrayContent([.. "{\"url\":\""u8, 0xc3, 0x28, .. "\"}"u8]);
        bad.Headers.ContentType = content.Headers.ContentType;

        using var answer = await tenant.Http.PostAsync("/v1/endpoints", bad);

        await answer.AssertProblemAsync(400, "invalid_json");
    }

    [Fact]
    public async Task Post_TooLargeOrNotJson_IsRefused()
    {
        var tenant = await api.NewTenantAsync();
        var body = "{\"url\":\"" + new string('x', 65_536) + "\"}";

        using var large = await tenant.Http.PostAsync("/v1/endpoints", Json.Body(body));
        using var text = await tenant.Http.PostAsync(
            "/v1/endpoints",
            new StringContent("{}", Encoding.UTF8, "text/plain")
        );

        await large.AssertProblemAsync(413, "payload_too_large");
        await text.AssertProblemAsync(415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("""{"url":null}""", "url")]
    [InlineData("""{"disabled":null}""", "disabled")]
    [InlineData("""{"secret":"sixteen characters"}""", "secret")]
    [InlineData("""{"version":2}""", "version")]
    [InlineData("""{"url":"https://internal.test"}""", "url")]
    public async Task Patch_OneFault_IsNamedAndNothingChanges(string body, string member)
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}";

        var problem = await tenant.SendAsync(HttpMethod.Patch, path, body, 400);

        problem.AssertProblem(400, "validation_failed", member);
        Assert.Equal(1, (await tenant.GetAsync(path)).GetProperty("version").GetInt32());
    }

    /// <summary>Posts a bad endpoint to a new tenant, which must not get one by it.</summary>
    private async Task<JsonElement> RefusedAsync(string body)
    {
        var tenant = await api.NewTenantAsync();
        var problem = await tenant.SendAsync(HttpMethod.Post, "/v1/endpoints", body, 400);
        Assert.Empty((await tenant.GetAsync("/v1/endpoints")).Data());
        return problem;
    }

    private static string WithHeaders(Dictionary<string, string> headers) =>
        JsonSerializer.Serialize(new { url = "https://a.test", headers });
}
