using System.Net;
using System.Text;
using System.Text.Json;
using WebhookDelivery.Core;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Api.Tests;

public sealed class SignatureVerificationTests(TestApi api)
{
    private const string Path = "/v1/signature/verify";

    /// <summary>An id that no endpoint has.</summary>
    private const string Nobody = "ep_00000000000000000000000001";

    [Fact]
    public async Task Verify_BodyAsTextAndHeadersAsArrays_AreReadAsTheyStand()
    {
        const string payload = """{"type":"order.created","name":"Zoë \u00e9 🦊"}""";
        var tenant = await api.NewTenantAsync();
        var endpoint = await tenant.NewEndpointAsync();
        var id = await tenant.NewEventAsync(payload);
        var signed = Sign(endpoint.Text("secret"), id, payload);

        var found = await tenant.SendAsync(
            HttpMethod.Post,
            Path,
            new
            {
                endpoint_id = endpoint.Text("endpoint_id"),
                headers = new Dictionary<string, string[]>
                {
                    ["Webhook-Id"] = [id],
                    ["Webhook-Timestamp"] = [signed.WebhookTimestamp],
                    ["Webhook-Signature"] = [signed.WebhookSignature!],
                    ["Accept"] = ["a", "b"],
                },
                body = payload,
            },
            200
        );

        Assert.True(found.GetProperty("valid").GetBoolean(), found.ToString());
        Assert.Equal(
            """{"event_id":"ID","known":true,"payload_matches":true}""",
            found.GetProperty("event").GetRawText().Replace(id, "ID", StringComparison.Ordinal)
        );
        Assert.Equal(
            """{"expected":true,"present":false,"valid":false,"fault":null}""",
            found.GetProperty("schemes").GetProperty("stripe").GetRawText()
        );
    }

    [Fact]
    public async Task Verify_BadMembers_TellsEveryFaultAtOnce()
    {
        var tenant = await api.NewTenantAsync();

        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            Path,
            """
            {
              "headers": {"a": 1, "b": ["x", 2], "": "y"}, "body": "a", "body_base64": "YQ==",
              "received_at": "yesterday", "secret": "", "computed_signature": 1,
              "tolerance_seconds": -1, "x": 0
            }
            """,
            400
        );

        problem.AssertProblem(
            400,
            "validation_failed",
            "endpoint_id",
            "headers[0]",
            "headers[2]",
            "body",
            "received_at",
            "secret",
            "computed_signature",
            "tolerance_seconds",
            "x"
        );
    }

    [Theory]
    [InlineData("""{"headers":{},"body":""}""", "endpoint_id")]
    [InlineData("""{"endpoint_id":"ep_1","headers":{},"body":""}""", "endpoint_id")]
    [InlineData("""{"endpoint_id":"ep_00000000000000000000000001","body":""}""", "headers")]
    [InlineData("""{"endpoint_id":"ep_00000000000000000000000001","headers":{}}""", "body")]
    [InlineData(
        """{"endpoint_id":"ep_00000000000000000000000001","headers":{},"body_base64":"?"}""",
        "body_base64"
    )]
    [InlineData(
        """{"endpoint_id":"ep_00000000000000000000000001","headers":[],"body":""}""",
        "headers"
    )]
    [InlineData(
        """{"endpoint_id":"ep_00000000000000000000000001","headers":{},"body":"\ud800"}""",
        "body"
    )]
    public async Task Verify_AMemberMissingOrUnreadable_NamesIt(string body, string member)
    {
        var tenant = await api.NewTenantAsync();

        var problem = await tenant.SendAsync(HttpMethod.Post, Path, body, 400);

        Assert.True(
            problem.GetProperty("errors").TryGetProperty(member, out _),
            problem.ToString()
        );
    }

    [Fact]
    public async Task Verify_AboveItsBounds_IsRefused()
    {
        var tenant = await api.NewTenantAsync();
        var headers = Enumerable.Range(0, 65).ToDictionary(i => $"h{i}", _ => "v");

        var many = await SendAsync(tenant, headers, "");
        var large = await SendAsync(tenant, [], new string('x', TestApi.MaxPayloadBytes + 1));
        var longest = await SendAsync(tenant, [], new string('x', TestApi.MaxPayloadBytes), 404);
        using var huge = await tenant.Http.PostAsync(
            Path,
            Json.Body(new string(' ', (2 * TestApi.MaxPayloadBytes) + (64 * 1024) + 1))
        );

        many.AssertProblem(400, "validation_failed", "headers");
        large.AssertProblem(400, "validation_failed", "body");
        longest.AssertProblem(404, "not_found");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, huge.StatusCode);
    }

    [Fact]
    public async Task Verify_ForeignAndUnknownEndpoint_AnswerTheSameBytes()
    {
        var owner = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        var answers = new HashSet<string>();
        foreach (
            var id in new[]
            {
                (await owner.NewEndpointAsync()).Text("endpoint_id"),
                new EndpointId(Guid.CreateVersion7()).ToString(),
                Nobody,
            }
        )
        {
            var problem = await other.SendAsync(
                HttpMethod.Post,
                Path,
                new
                {
                    endpoint_id = id,
                    headers = new { },
                    body = "",
                },
                404
            );
            answers.Add(problem.ToString());
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task Verify_WithWhatMayNotBeSeen_LogsNothingOfIt()
    {
        const string payload = """{"type":"order.created","private":"hush-hush-payload"}""";
        var tenant = await api.NewTenantAsync();
        var endpoint = await tenant.NewEndpointAsync();
        var id = await tenant.NewEventAsync(payload);
        var signed = Sign(endpoint.Text("secret"), id, payload);

        var found = await tenant.SendAsync(
            HttpMethod.Post,
            Path,
            new
            {
                endpoint_id = endpoint.Text("endpoint_id"),
                headers = new Dictionary<string, string>
                {
                    ["webhook-id"] = id,
                    ["webhook-timestamp"] = signed.WebhookTimestamp,
                    ["webhook-signature"] = signed.WebhookSignature!,
                    ["stripe-signature"] = signed.StripeSignature,
                },
                body = payload + " ",
                secret = "hush-hush-secret",
                computed_signature = new string('0', 64),
            },
            200
        );

        var everything = found + string.Join('\n', api.Log);
        foreach (
            var hidden in new[]
            {
                "hush-hush",
                endpoint.Text("secret")[6..],
                signed.WebhookSignature![3..],
                signed.StripeSignature[^64..],
            }
        )
        {
            Assert.DoesNotContain(hidden, everything, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"event_type":"","payload":{}}""", "event_type")]
    [InlineData("""{"event_type":"ü"}""", "event_type")]
    [InlineData("""{"payload":[]}""", "payload")]
    [InlineData("""{"payload":"{}"}""", "payload")]
    [InlineData("""{"payload":1,"event_type":2,"more":3}""", "payload", "event_type", "more")]
    public async Task Test_BadMembers_TellsEveryFaultAtOnce(string body, params string[] members)
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");

        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            $"/v1/endpoints/{endpoint}/test",
            body,
            400
        );

        problem.AssertProblem(400, "validation_failed", members);
        await tenant.AssertNoEventsAsync();
    }

    [Theory]
    [InlineData("""{"event_type":"a.b"}""", "a.b")]
    [InlineData("""{"payload":{ "event":"c.d", "n":1.0 }}""", "c.d")]
    [InlineData("""{"event_type":"a.b","payload":{"type":"c.d"}}""", "a.b")]
    [InlineData("""{"payload":{}}""", "webhook.test")]
    [InlineData("""{"payload":null,"event_type":null}""", "webhook.test")]
    public async Task Test_TypeIsTheOneGivenElseThePayloads(string body, string type)
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");

        var sent = await tenant.SendAsync(
            HttpMethod.Post,
            $"/v1/endpoints/{endpoint}/test",
            body,
            202
        );

        var stored = await tenant.GetAsync($"/v1/events/{sent.Text("event_id")}");
        Assert.Equal(type, stored.Text("type"));
    }

    [Fact]
    public async Task Test_PayloadOfTheLargestSizeAndDepth_IsTakenAndOneMoreIsNot()
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/endpoints/{(await tenant.NewEndpointAsync()).Text("endpoint_id")}/test";
        var largest = $$"""{"a":"{{new string('x', TestApi.MaxPayloadBytes - 8)}}"}""";
        var deepest = Nested(PayloadInspector.DepthMax);

        await tenant.SendAsync(HttpMethod.Post, path, $$"""{"payload":{{largest}}}""", 202);
        await tenant.SendAsync(HttpMethod.Post, path, $$"""{"payload":{{deepest}}}""", 202);
        var larger = await tenant.SendAsync(
            HttpMethod.Post,
            path,
            $$"""{"payload":{{largest.Replace("x\"", "xx\"", StringComparison.Ordinal)}}}""",
            400
        );
        await tenant.SendAsync(
            HttpMethod.Post,
            path,
            $$"""{"payload":{{Nested(PayloadInspector.DepthMax + 1)}}}""",
            400
        );

        larger.AssertProblem(400, "validation_failed", "payload");
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

    private static Task<JsonElement> SendAsync(
        TestTenant tenant,
        Dictionary<string, string> headers,
        string body,
        int status = 400
    ) =>
        tenant.SendAsync(
            HttpMethod.Post,
            Path,
            new
            {
                endpoint_id = Nobody,
                headers,
                body,
            },
            status
        );

    private static SignedHeaders Sign(string secret, string id, string payload)
    {
        Assert.True(SigningSecret.TryParse(secret, out var parsed));
        return WebhookSigner.Sign(
            [parsed],
            id,
            DateTimeOffset.UtcNow,
            Encoding.UTF8.GetBytes(payload)
        );
    }
}
