using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.SQS.Model;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>A tenant of one test, with one endpoint.</summary>
internal sealed class FunctionTenant(
    FunctionFixture functions,
    string id,
    string key,
    string endpointId
)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>Its endpoint's id.</summary>
    public string EndpointId => endpointId;

    /// <summary>What its endpoint received, oldest first.</summary>
    public IReadOnlyList<WireRequest> Requests =>
        [
            .. functions.Receiver.Requests.Where(request =>
                request.RequestLine.Contains($"/of/{id}/", StringComparison.Ordinal)
            ),
        ];

    /// <summary>Asks an API, as anybody.</summary>
    public static async Task<HttpApiAnswer> CallAsync(
        FunctionProcess api,
        string method,
        string path,
        string key,
        string? body = null,
        params IReadOnlyList<(string Name, string Value)> headers
    )
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["authorization"] = $"Bearer {key}",
            ["content-type"] = "application/json",
        };
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }

        return new HttpApiAnswer(
            await api.Lambda.InvokeAsync(HttpApiEvent.Of(method, path, body, all))
        );
    }

    /// <summary>Asks the API as the tenant.</summary>
    public Task<HttpApiAnswer> CallAsync(
        string method,
        string path,
        string? body = null,
        params IReadOnlyList<(string Name, string Value)> headers
    ) => CallAsync(functions.Api, method, path, key, body, headers);

    /// <summary>Posts an event to an API of its own, and does not wait for the answer.</summary>
    public Task<HttpApiAnswer> PostAsync(FunctionProcess api, string idempotencyKey) =>
        CallAsync(api, "POST", "/v1/events", key, "{}", ("idempotency-key", idempotencyKey));

    /// <summary>Posts an event that is accepted; its id.</summary>
    public async Task<string> PostAsync(string payload = """{"type":"order.created"}""")
    {
        var answer = await CallAsync("POST", "/v1/events", payload);
        Assert.True(answer.Status == 201, answer.Text + functions.Api.Process.Transcript);
        using var body = JsonDocument.Parse(answer.Text);
        return body.RootElement.GetProperty("event_id").GetString()!;
    }

    /// <summary>The event's delivery, as the API shows it.</summary>
    public async Task<JsonNode> FindDeliveryAsync(string eventId)
    {
        var answer = await CallAsync("GET", $"/v1/events/{eventId}");
        Assert.Equal(200, answer.Status);
        return JsonNode.Parse(answer.Text)!["deliveries"]![0]!;
    }

    /// <summary>The status of the event's delivery.</summary>
    public async Task<string> StatusOfAsync(string eventId) =>
        (string)(await FindDeliveryAsync(eventId))["status"]!;

    /// <summary>Takes the tenant's next message; those of others, whose tests are over, are dropped.</summary>
    public async Task<Message> ReceiveAsync()
    {
        Message? found = null;
        await Until.HoldsAsync(
            async () =>
            {
                var messages = await functions.Home.ReceiveAsync();
                found = messages.FirstOrDefault(IsOwn);
                return found is not null;
            },
            s_patience,
            () => $"There is no message of {id}."
        );
        return found!;
    }

    /// <summary>Whether what was sent to SQS concerns this tenant.</summary>
    public bool IsOwn(ProxiedRequest request) =>
        System.Text.Encoding.UTF8.GetString(request.Body).Contains(id, StringComparison.Ordinal);

    private bool IsOwn(Message message) =>
        (string?)JsonNode.Parse(message.Body.Split('\n')[0])!["t"] == id;
}
