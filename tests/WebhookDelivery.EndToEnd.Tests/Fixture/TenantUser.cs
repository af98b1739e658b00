using System.Text;
using System.Text.Json;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A tenant's system: posts events, keeps endpoints, looks at deliveries.</summary>
public sealed class TenantUser(HttpClient http, Func<string> url, string id, string key)
    : ApiCaller(http, url, key)
{
    /// <summary>The tenant's id.</summary>
    public string Id => id;

    /// <summary>Creates an endpoint.</summary>
    /// <param name="target">Its URL.</param>
    /// <param name="members">Further members as JSON, such as <c>"max_in_flight":1</c>.</param>
    public async Task<EndpointRef> AddEndpointAsync(Uri target, string members = "")
    {
        var comma = members.Length > 0 ? "," : "";
        var made = await PostAsync(
            "/v1/endpoints",
            $$"""{"url":"{{target}}"{{comma}}{{members}}}"""
        );
        made.Expect(201);
        return new EndpointRef(made["endpoint_id"], made["secret"]);
    }

    /// <summary>Disables or enables an endpoint.</summary>
    public async Task SetDisabledAsync(EndpointRef endpoint, bool disabled) =>
        (
            await PatchAsync(
                endpoint.Path,
                disabled ? """{"disabled":true}""" : """{"disabled":false}"""
            )
        ).Expect(200);

    /// <summary>Posts an event that must be accepted. Returns its id.</summary>
    public async Task<string> PostEventAsync(string json = """{"type":"order.created","n":1}""") =>
        (await PostEventAsync(Encoding.UTF8.GetBytes(json))).Expect(201)["event_id"];

    /// <summary>Posts an event, with or without an idempotency key.</summary>
    public Task<Answer> PostEventAsync(byte[] payload, string? idempotencyKey = null) =>
        SendAsync(
            HttpMethod.Post,
            "/v1/events",
            payload,
            idempotencyKey is null ? [] : [("Idempotency-Key", idempotencyKey)]
        );

    /// <summary>Reads an event.</summary>
    public async Task<JsonElement> EventAsync(string eventId) =>
        (await GetAsync("/v1/events/" + eventId)).Expect(200).Json;

    /// <summary>The only delivery of an event.</summary>
    public async Task<DeliveryView> DeliveryAsync(string eventId) =>
        DeliveryView.Of(
            Assert.Single((await EventAsync(eventId)).GetProperty("deliveries").EnumerateArray())
        );

    /// <summary>An event's delivery to one endpoint.</summary>
    public async Task<DeliveryView> DeliveryAsync(string eventId, EndpointRef endpoint) =>
        (await EventAsync(eventId))
            .GetProperty("deliveries")
            .EnumerateArray()
            .Select(DeliveryView.Of)
            .Single(delivery => delivery.EndpointId == endpoint.Id);

    /// <summary>Waits until an event has the status and returns its only delivery.</summary>
    public async Task<DeliveryView> WaitForAsync(string eventId, string status)
    {
        await Eventually.IsAsync(
            status,
            async () => (await EventAsync(eventId)).GetProperty("status").GetString()
        );
        return await DeliveryAsync(eventId);
    }

    /// <summary>Waits until the delivery to one endpoint has the status.</summary>
    public async Task<DeliveryView> WaitForAsync(
        string eventId,
        EndpointRef endpoint,
        string status
    )
    {
        await Eventually.IsAsync(
            status,
            async () => (await DeliveryAsync(eventId, endpoint)).Status
        );
        return await DeliveryAsync(eventId, endpoint);
    }

    /// <summary>Waits until the only delivery has seen so many attempts that are over.</summary>
    public async Task<DeliveryView> WaitForAttemptsAsync(string eventId, int attempts)
    {
        await Eventually.IsAsync(attempts, async () => (await DeliveryAsync(eventId)).Attempts);
        return await DeliveryAsync(eventId);
    }

    /// <summary>Every attempt of an event, oldest first.</summary>
    public async Task<IReadOnlyList<AttemptView>> AttemptsAsync(string eventId) =>
        [
            .. (await GetAsync($"/v1/events/{eventId}/attempts"))
                .Expect(200)
                .Json.GetProperty("data")
                .EnumerateArray()
                .Select(AttemptView.Of),
        ];

    /// <summary>How many events the tenant has, at most 100.</summary>
    public async Task<int> CountEventsAsync(string filter = "") =>
        (await GetAsync("/v1/events?limit=100" + filter))
            .Expect(200)
            .Json.GetProperty("data")
            .GetArrayLength();
}

/// <summary>An endpoint that a test made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Secret">Its first secret.</param>
public sealed record EndpointRef(string Id, string Secret)
{
    /// <summary>Where the API has it.</summary>
    public string Path => "/v1/endpoints/" + Id;
}

/// <summary>A delivery as the API shows it.</summary>
public sealed record DeliveryView(
    string EndpointId,
    string Status,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    int? LastStatusCode,
    string? LastReason
)
{
    public static DeliveryView Of(JsonElement json) =>
        new(
            json.GetProperty("endpoint_id").GetString()!,
            json.GetProperty("status").GetString()!,
            json.GetProperty("attempts").GetInt32(),
            json.GetProperty("next_attempt_at") is { ValueKind: JsonValueKind.String } at
                ? at.GetDateTimeOffset()
                : null,
            json.GetProperty("last_status_code") is { ValueKind: JsonValueKind.Number } code
                ? code.GetInt32()
                : null,
            json.GetProperty("last_reason").GetString()
        );
}

/// <summary>An attempt as the API shows it.</summary>
public sealed record AttemptView(
    int Generation,
    int Number,
    DateTimeOffset StartedAt,
    long DurationMs,
    int? StatusCode,
    string Reason,
    string Excerpt
)
{
    /// <summary>The response's headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>();

    public static AttemptView Of(JsonElement json) =>
        new(
            json.GetProperty("generation").GetInt32(),
            json.GetProperty("attempt").GetInt32(),
            json.GetProperty("started_at").GetDateTimeOffset(),
            json.GetProperty("duration_ms").GetInt64(),
            json.GetProperty("status_code") is { ValueKind: JsonValueKind.Number } code
                ? code.GetInt32()
                : null,
            json.GetProperty("reason").GetString()!,
            json.GetProperty("response_body").GetString()!
        )
        {
            Headers = json.GetProperty("response_headers")
                .EnumerateObject()
                .ToDictionary(each => each.Name, each => each.Value.GetString()!),
        };
}
