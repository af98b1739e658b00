using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

public sealed class AccessTests(TestApi api)
{
    public static TheoryData<string, string> TenantRoutes =>
        new()
        {
            { "POST", "/events" },
            { "POST", "/v1/events" },
            { "GET", "/v1/events" },
            { "GET", "/v1/events/{id}" },
            { "GET", "/v1/events/{id}/explain" },
            { "GET", "/v1/events/{id}/payload" },
            { "GET", "/v1/events/{id}/attempts" },
            { "POST", "/v1/events/{id}/redeliver" },
            { "POST", "/v1/events/{id}/cancel" },
            { "GET", "/v1/deliveries" },
            { "POST", "/v1/endpoints" },
            { "GET", "/v1/endpoints" },
            { "GET", "/v1/endpoints/{id}" },
            { "PATCH", "/v1/endpoints/{id}" },
            { "PUT", "/v1/endpoints/{id}" },
            { "DELETE", "/v1/endpoints/{id}" },
            { "POST", "/v1/endpoints/{id}/rotate-secret" },
            { "DELETE", "/v1/endpoints/{id}/old-secrets" },
            { "POST", "/v1/endpoints/{id}/test" },
            { "POST", "/v1/endpoints/{id}/recover" },
            { "POST", "/v1/endpoints/{id}/replay" },
            { "POST", "/v1/endpoints/{id}/cancel" },
            { "GET", "/v1/endpoints/{id}/recoveries" },
            { "GET", "/v1/endpoints/{id}/recoveries/{recovery}" },
            { "DELETE", "/v1/endpoints/{id}/recoveries/{recovery}" },
            { "GET", "/v1/endpoints/{id}/stats" },
            { "GET", "/v1/stats" },
            { "POST", "/v1/signature/verify" },
            { "GET", "/v1/dead-letters" },
            { "POST", "/v1/dead-letters/requeue" },
        };

    public static TheoryData<string, string> OperatorRoutes =>
        new()
        {
            { "POST", "/v1/tenants" },
            { "GET", "/v1/tenants" },
            { "GET", "/v1/tenants/{id}" },
            { "PATCH", "/v1/tenants/{id}" },
            { "DELETE", "/v1/tenants/{id}" },
            { "POST", "/v1/tenants/{id}/api-keys" },
            { "GET", "/v1/tenants/{id}/api-keys" },
            { "DELETE", "/v1/tenants/{id}/api-keys/{key}" },
            { "POST", "/v1/admin/dead-letters/requeue" },
        };

    [Fact]
    public void Routes_Protected_AreTheOnesTestedHere()
    {
        var tested = TenantRoutes
            .Concat(OperatorRoutes)
            .Select(row => Shape(row.Data.Item1, row.Data.Item2));
        var mapped = api
            .Routes.Where(route =>
                route.Metadata.OfType<RouteDoc>().Any(doc => doc.Audience != Audience.Everybody)
            )
            .Select(route => Shape(Method(route), route.RoutePattern.RawText!));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TenantRoutes))]
    [MemberData(nameof(OperatorRoutes))]
    public async Task Any_NoKey_AnswersUnauthorized(string method, string path)
    {
        using var answer = await SendAsync(api.Anonymous, method, path);

        await answer.AssertProblemAsync(401, "unauthorized");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [MemberData(nameof(TenantRoutes))]
    public async Task TenantRoute_OperatorKey_AnswersForbidden(string method, string path)
    {
        using var answer = await SendAsync(api.Operator, method, path);

        await answer.AssertProblemAsync(403, "forbidden");
    }

    [Theory]
    [MemberData(nameof(OperatorRoutes))]
    public async Task OperatorRoute_TenantKey_AnswersForbidden(string method, string path)
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await SendAsync(tenant.Http, method, path);

        await answer.AssertProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Any_BadHeader_AnswersTheSameUnauthorized()
    {
        var tenant = await api.NewTenantAsync();
        var (unknown, _) = ApiKeyToken.Create(ApiKeyRole.Tenant, tenant.Id, null, default);
        var flipped = tenant.Key[..^1] + (tenant.Key[^1] == 'a' ? 'b' : 'a');
        string[] headers =
        [
            "",
            "Bearer",
            "Bearer ",
            "Basic " + tenant.Key,
            tenant.Key,
            "Bearer  " + tenant.Key,
            "Bearer " + tenant.Key + "x",
            "Bearer " + tenant.Key.ToUpperInvariant(),
            "Bearer " + flipped,
            "Bearer " + unknown,
            "Bearer " + new string('x', 10_000),
        ];
        var answers = new HashSet<string>();
        foreach (var header in headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            using var answer = await api.Anonymous.SendAsync(request);
            answers.Add((await answer.AssertProblemAsync(401, "unauthorized")).ToString());
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task Any_SchemeInAnotherCase_IsGood()
    {
        var tenant = await api.NewTenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
        request.Headers.Authorization = new AuthenticationHeaderValue("bEARER", tenant.Key);

        using var answer = await api.Anonymous.SendAsync(request);

        await answer.ReadAsync(200);
    }

    [Fact]
    public async Task Any_RevokedKeyOrDeletedTenant_AnswersUnauthorized()
    {
        var tenant = await api.NewTenantAsync();
        using var made = await api.Operator.PostAsync(
            $"/v1/tenants/{tenant.Id}/api-keys",
            Json.Body("{}")
        );
        var second = await made.ReadAsync(201);
        using var client = api.Client(second.Text("api_key"));
        using var before = await client.GetAsync("/v1/events");
        await before.ReadAsync(200);

        using var revoked = await api.Operator.DeleteAsync(
            $"/v1/tenants/{tenant.Id}/api-keys/{second.Text("key_id")}"
        );
        using var after = await client.GetAsync("/v1/events");
        using var deleted = await api.Operator.DeleteAsync($"/v1/tenants/{tenant.Id}");
        using var gone = await tenant.PostEventAsync("{}");

        await after.AssertProblemAsync(401, "unauthorized");
        await gone.AssertProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Any_KeysOfOneConnection_AreEachJudgedAnew()
    {
        var connections = 0;
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = 1,
                ConnectCallback = async (context, cancellationToken) =>
                {
                    connections++;
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = api.Address,
        };
        var first = await api.NewTenantAsync();
        var second = await api.NewTenantAsync();
        var posted = await first.NewEventAsync("{}");
        var keys = await api.Operator.GetFromJsonAsync<JsonElement>(
            $"/v1/tenants/{first.Id}/api-keys"
        );
        var keyId = keys.GetProperty("data")[0].Text("key_id");

        Assert.Equal(200, await FindAsync(first.Key));
        Assert.Equal(200, await FindAsync(first.Key));
        Assert.Equal(404, await FindAsync(second.Key));
        Assert.Equal(401, await FindAsync(first.Key[..^1] + (first.Key[^1] == 'a' ? 'b' : 'a')));
        Assert.Equal(200, await FindAsync(first.Key));
        using var revoked = await api.Operator.DeleteAsync(
            $"/v1/tenants/{first.Id}/api-keys/{keyId}"
        );
        Assert.Equal(401, await FindAsync(first.Key));
        Assert.Equal(404, await FindAsync(second.Key));
        Assert.Equal(1, connections);

        async Task<int> FindAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/events/{posted}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var answer = await http.SendAsync(request);
            return (int)answer.StatusCode;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        string method,
        string path
    )
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            path.Replace("{id}", "some-id", StringComparison.Ordinal)
                .Replace("{key}", "some-key", StringComparison.Ordinal)
        );
        return await client.SendAsync(request);
    }

    private static string Method(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();

    /// <summary>The route with its parameters' names left out.</summary>
    private static string Shape(string method, string pattern) =>
        method
        + string.Join(
            '/',
            RoutePatternFactory
                .Parse(pattern)
                .PathSegments.Select(segment =>
                    segment.Parts[0] is RoutePatternLiteralPart literal ? literal.Content : "*"
                )
        );
}
