using System.Text;
using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A tenant cannot tell another's things from things that do not exist.</summary>
public abstract class IsolationTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const string UnknownEvent = "evt_00000000000000000000000000";
    private const string UnknownEndpoint = "ep_00000000000000000000000000";
    private const string UnknownRecovery = "rec_00000000000000000000000000";

    [Theory]
    [MemberData(nameof(RoutesWithIds.All), MemberType = typeof(RoutesWithIds))]
    public async Task Another_tenant_s_id_answers_exactly_as_an_unknown_one(
        string method,
        string path,
        string? body
    )
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var globex = await AddTenantAsync("globex");
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        var foreign = await acme.PostEventAsync();
        await acme.WaitForAsync(foreign, "DEAD_LETTER");
        var recovery = await acme.PostAsync(
            endpoint.Path + "/recover",
            """{"since":"2020-01-01T00:00:00Z","until":"2020-01-02T00:00:00Z"}"""
        );
        var recoveryId = recovery.Expect(202)["recovery_id"]!;
        var own = await globex.PostEventAsync();
        var before = await ViewAsync(acme, foreign, endpoint);

        var toForeign = await AskAsync(foreign, endpoint.Id, recoveryId);
        var toUnknown = await AskAsync(UnknownEvent, UnknownEndpoint, UnknownRecovery);

        Assert.Equal(toUnknown.Fingerprint, toForeign.Fingerprint);
        Assert.Equal(before, await ViewAsync(acme, foreign, endpoint));
        Assert.Single(receiver.Requests);

        Task<Answer> AskAsync(string eventId, string endpointId, string recoveryId) =>
            globex.SendAsync(
                HttpMethod.Parse(method),
                Fill(path, eventId, endpointId, recoveryId),
                body is null
                    ? null
                    : Encoding.UTF8.GetBytes(Fill(body, eventId, endpointId, recoveryId))
            );

        string Fill(string text, string eventId, string endpointId, string recoveryId) =>
            text.Replace("{own}", own, StringComparison.Ordinal)
                .Replace("{event}", eventId, StringComparison.Ordinal)
                .Replace("{endpoint}", endpointId, StringComparison.Ordinal)
                .Replace("{recovery}", recoveryId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_route_that_takes_an_id_is_asked_for_another_tenant_s()
    {
        var document = (await Anybody.GetAsync("/openapi/v1.json")).Expect(200).Json;

        var described = document
            .GetProperty("paths")
            .EnumerateObject()
            .Where(path => path.Name.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Where(operation => TakesAnId(path.Name, operation.Value))
                    .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")
            )
            .Where(route =>
                !route.Contains("/v1/admin/", StringComparison.Ordinal)
                && !route.Contains("/v1/tenants", StringComparison.Ordinal)
            );

        Assert.Empty(described.Except(RoutesWithIds.Described, StringComparer.Ordinal));

        bool TakesAnId(string path, JsonElement operation) =>
            path.Contains("_id}", StringComparison.Ordinal)
            || (
                operation.TryGetProperty("parameters", out var parameters)
                && parameters
                    .EnumerateArray()
                    .Any(each => each.GetProperty("name").GetString() == "endpoint_id")
            )
            || (
                operation.TryGetProperty("requestBody", out var body)
                && body.GetRawText().Split("#/components/schemas/") is [_, var reference]
                && document
                    .GetProperty("components")
                    .GetProperty("schemas")
                    .GetProperty(reference[..reference.IndexOf('"', StringComparison.Ordinal)])
                    .TryGetProperty("properties", out var members)
                && members.TryGetProperty("endpoint_id", out _)
            );
    }

    [Fact]
    public async Task Lists_show_a_tenant_its_own_things_only_and_cursors_are_its_own()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var globex = await AddTenantAsync("globex");
        await acme.AddEndpointAsync(receiver.Url);
        await acme.PostEventAsync();
        await acme.PostEventAsync();
        var cursor = (await acme.GetAsync("/v1/events?limit=1")).Expect(200)["next_cursor"];

        foreach (var list in new[] { "/v1/events", "/v1/endpoints", "/v1/dead-letters" })
        {
            Assert.Equal(
                """{"data":[],"next_cursor":null}""",
                (await globex.GetAsync(list)).Expect(200).Text
            );
        }

        var stolen = await globex.GetAsync("/v1/events?limit=1&cursor=" + cursor);
        Assert.Equal(400, stolen.Status);
        (await acme.GetAsync("/v1/events?limit=1&cursor=" + cursor)).Expect(200);
    }

    [Fact]
    public async Task Keys_open_what_is_theirs_and_nothing_else()
    {
        var acme = await AddTenantAsync();
        var globex = await AddTenantAsync("globex");

        (await Anybody.GetAsync("/v1/events")).Expect(401);
        Assert.Equal(
            "Bearer",
            (await Anybody.PostAsync("/v1/events", "{}")).Expect(401).Headers["WWW-Authenticate"]
        );
        (await acme.GetAsync("/v1/tenants")).Expect(403);
        (await acme.PostAsync("/v1/admin/dead-letters/requeue")).Expect(403);
        (await Operator.GetAsync("/v1/events")).Expect(403);
        (await Operator.DeleteAsync("/v1/tenants/acme")).Expect(204);
        (await acme.GetAsync("/v1/events")).Expect(401);
        (await globex.GetAsync("/v1/events")).Expect(200);
    }

    [Fact]
    public async Task Deliveries_are_signed_with_their_own_tenant_s_secret_only()
    {
        await using var libraries = NpmVerifier.Start();
        var (acmes, globexes) = (AddReceiver(), AddReceiver());
        var acme = await AddTenantAsync();
        var globex = await AddTenantAsync("globex");
        var one = await acme.AddEndpointAsync(acmes.Url);
        var other = await globex.AddEndpointAsync(globexes.Url);

        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        await globex.WaitForAsync(await globex.PostEventAsync(), "DELIVERED");

        var (first, second) = (Assert.Single(acmes.Requests), Assert.Single(globexes.Requests));
        foreach (var library in NpmVerifier.Libraries)
        {
            Assert.Null(
                await libraries.VerifyAsync(library, one.Secret, first.Headers, first.Body)
            );
            Assert.Null(
                await libraries.VerifyAsync(library, other.Secret, second.Headers, second.Body)
            );
            Assert.NotNull(
                await libraries.VerifyAsync(library, other.Secret, first.Headers, first.Body)
            );
            Assert.NotNull(
                await libraries.VerifyAsync(library, one.Secret, second.Headers, second.Body)
            );
        }
    }

    private static async Task<string> ViewAsync(
        TenantUser tenant,
        string id,
        EndpointRef endpoint
    ) =>
        (await tenant.GetAsync("/v1/events/" + id)).Expect(200).Text
        + (await tenant.GetAsync(endpoint.Path)).Expect(200).Text;
}

/// <summary>The routes of tenants that take ids.</summary>
public static class RoutesWithIds
{
    private const string Since = """{"since":"2020-01-01T00:00:00Z"}""";
    private const string SinceDry = """{"since":"2020-01-01T00:00:00Z","dry_run":true}""";
    private const string Verification = """{"endpoint_id":"{endpoint}","headers":{},"body":"{}"}""";

    /// <summary>Every route that takes an id, {event}, {endpoint} and {recovery} standing for the ids.</summary>
    public static TheoryData<string, string, string?> All =>
        new()
        {
            { "GET", "/v1/events/{event}", null },
            { "GET", "/v1/events/{event}/payload", null },
            { "GET", "/v1/events/{event}/attempts", null },
            { "POST", "/v1/events/{event}/redeliver", null },
            { "POST", "/v1/events/{event}/redeliver", """{"endpoint_id":"{endpoint}"}""" },
            { "POST", "/v1/events/{own}/redeliver", """{"endpoint_id":"{endpoint}"}""" },
            { "POST", "/v1/events/{event}/cancel", null },
            { "POST", "/v1/events/{event}/cancel", """{"endpoint_id":"{endpoint}"}""" },
            { "POST", "/v1/events/{own}/cancel", """{"endpoint_id":"{endpoint}"}""" },
            { "GET", "/v1/events/{event}/explain", null },
            { "GET", "/v1/events?endpoint_id={endpoint}", null },
            { "GET", "/v1/deliveries?endpoint_id={endpoint}", null },
            { "GET", "/v1/dead-letters?endpoint_id={endpoint}", null },
            { "POST", "/v1/dead-letters/requeue", """{"endpoint_id":"{endpoint}"}""" },
            { "GET", "/v1/endpoints/{endpoint}", null },
            { "PATCH", "/v1/endpoints/{endpoint}", """{"description":"mine"}""" },
            { "PATCH", "/v1/endpoints/{endpoint}", """{"url":"nonsense"}""" },
            { "PUT", "/v1/endpoints/{endpoint}", """{"url":"https://mine.example.com"}""" },
            { "POST", "/v1/endpoints/{endpoint}/rotate-secret", null },
            { "DELETE", "/v1/endpoints/{endpoint}/old-secrets", null },
            { "POST", "/v1/endpoints/{endpoint}/test", null },
            { "GET", "/v1/endpoints/{endpoint}/stats", null },
            { "POST", "/v1/endpoints/{endpoint}/recover", Since },
            { "POST", "/v1/endpoints/{endpoint}/recover", SinceDry },
            { "POST", "/v1/endpoints/{endpoint}/replay", Since },
            { "POST", "/v1/endpoints/{endpoint}/cancel", null },
            { "POST", "/v1/endpoints/{endpoint}/cancel", Since },
            { "GET", "/v1/endpoints/{endpoint}/recoveries", null },
            { "GET", "/v1/endpoints/{endpoint}/recoveries/{recovery}", null },
            { "DELETE", "/v1/endpoints/{endpoint}/recoveries/{recovery}", null },
            { "POST", "/v1/signature/verify", Verification },
            { "DELETE", "/v1/endpoints/{endpoint}", null },
        };

    /// <summary>Their methods and paths, as the API describes them.</summary>
    public static IEnumerable<string> Described =>
        All.Select(row => $"{row.Data.Item1} {row.Data.Item2.Split('?')[0]}")
            .Select(route =>
                route
                    .Replace("{own}", "{event_id}", StringComparison.Ordinal)
                    .Replace("{event}", "{event_id}", StringComparison.Ordinal)
                    .Replace("{endpoint}", "{endpoint_id}", StringComparison.Ordinal)
                    .Replace("{recovery}", "{recovery_id}", StringComparison.Ordinal)
            );
}
