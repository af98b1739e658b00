using System.Text;
using System.Text.Json;
using WebhookDelivery.Signatures;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What an earlier program stored is answered as by itself, and delivered.</summary>
public abstract class EarlierDatabaseTests<THome> : EndToEndTest<THome>
    where THome : EarlierHome, new()
{
    private static readonly string[] s_unfinished = ["PENDING", "FAILED", "PARKED", "DEAD_LETTER"];

    private readonly HttpClient _http = new();

    protected EarlierDatabaseTests()
    {
        Clock.SetUtcNow(Engine.Database.MadeAt + TimeSpan.FromSeconds(1));
        Setup = Setup with
        {
            Settings = new Dictionary<string, string?> { ["Delivery:Paused"] = "true" },
        };
    }

    private EarlierDatabase Earlier => Engine.Database;

    [Fact]
    public async Task Everything_is_answered_as_by_the_program_that_stored_it()
    {
        foreach (var (who, path, body) in Earlier.Answers)
        {
            var answer = await Caller(who).GetAsync(path);
            EarlierAnswer.AssertIn(path, body, answer.Expect(200).Text);
        }

        foreach (var post in Earlier.Posts)
        {
            var again = await Caller(post.Tenant)
                .SendAsync(
                    HttpMethod.Post,
                    "/v1/events",
                    Encoding.UTF8.GetBytes(post.Body),
                    ("Idempotency-Key", post.Key)
                );
            Assert.Equal(post.EventId, again.Expect(201)["event_id"]);
            Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        }

        var former = new ApiCaller(_http, () => BaseUrl, Earlier.FormerApiKey);
        (await former.GetAsync("/v1/events")).Expect(401);
    }

    [Fact]
    public async Task Everything_unfinished_is_delivered_and_signed_with_the_stored_secrets()
    {
        var receiver = AddReceiver();
        var expected = (await UnfinishedAsync()).Count;
        foreach (var tenant in Earlier.ApiKeys.Keys)
        {
            await PointEndpointsToAsync(tenant, receiver.Url);
        }

        Assert.Equal(17, expected);
        await RestartAsync(
            Setup with
            {
                Settings = new Dictionary<string, string?> { ["Delivery:AllowHttp"] = "true" },
            }
        );
        var requeued = await Caller("acme")
            .PostAsync("/v1/dead-letters/requeue", """{"max_messages":100}""");
        Assert.Equal("4", requeued.Expect(200)["requeued"]);

        // In small steps: an attempt under way must not see its deadline pass.
        await PumpAsync(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(1),
            async () => (await UnfinishedAsync()).All(each => each.Status == "FAILED")
        );
        while (await UnfinishedAsync() is { Count: > 0 } waiting)
        {
            AdvanceTo(waiting.Min(each => each.NextAttemptAt));
            await Eventually.IsAsync(
                true,
                async () => (await UnfinishedAsync()).Count < waiting.Count
            );
        }

        Assert.Equal(expected, receiver.Requests.Count);
        Assert.All(receiver.Requests, ExpectSignature);
    }

    private ApiCaller Caller(string who) =>
        new(_http, () => BaseUrl, who == "operator" ? Earlier.OperatorKey : Earlier.ApiKeys[who]);

    private async Task<List<DeliveryView>> UnfinishedAsync()
    {
        var found = new List<DeliveryView>();
        foreach (var tenant in Earlier.ApiKeys.Keys)
        {
            foreach (var status in s_unfinished)
            {
                var page = await Caller(tenant).GetAsync($"/v1/events?limit=100&status={status}");
                foreach (var each in page.Expect(200).Json.GetProperty("data").EnumerateArray())
                {
                    var path = $"/v1/events/{each.GetProperty("event_id").GetString()}";
                    var stored = (await Caller(tenant).GetAsync(path)).Expect(200).Json;
                    found.AddRange(
                        stored
                            .GetProperty("deliveries")
                            .EnumerateArray()
                            .Select(DeliveryView.Of)
                            .Where(delivery => delivery.Status == status)
                    );
                }
            }
        }

        return found;
    }

    private async Task PointEndpointsToAsync(string tenant, Uri url)
    {
        var endpoints = (await Caller(tenant).GetAsync("/v1/endpoints")).Expect(200);
        foreach (var endpoint in endpoints.Json.GetProperty("data").EnumerateArray())
        {
            var id = endpoint.GetProperty("endpoint_id").GetString();
            var body = JsonSerializer.Serialize(
                new { url = new Uri(url, $"/{id}"), disabled = false }
            );
            (await Caller(tenant).PatchAsync($"/v1/endpoints/{id}", body)).Expect(200);
        }
    }

    private void ExpectSignature(WireRequest request)
    {
        var endpoint = request.RequestLine.Split(' ')[1].TrimStart('/');
        Assert.True(SigningSecret.TryParse(Earlier.Secrets[endpoint], out var secret));
        var result = StandardWebhooksSignature.Verify(
            [secret],
            new SignatureHeaders(
                null,
                request["webhook-id"],
                request["webhook-timestamp"],
                request["webhook-signature"]
            ),
            request.Body,
            Clock.GetUtcNow(),
            TimeSpan.FromDays(30)
        );
        Assert.True(result.IsVerified, $"{endpoint}: {result}");
    }
}

public sealed class Version1DatabaseTests : EarlierDatabaseTests<Version1Home>;

public sealed class Version4DatabaseTests : EarlierDatabaseTests<Version4Home>;
