using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WebhookDelivery.Core;
using EventId = WebhookDelivery.Core.EventId;

namespace WebhookDelivery.Benchmarks;

/// <summary>A tenant of a metered host, over HTTP as any other.</summary>
internal sealed class MeteredTenant : IDisposable
{
    private readonly HttpClient _http;

    private MeteredTenant(HttpClient http) => _http = http;

    /// <summary>The tenant's id.</summary>
    public TenantId Id { get; } = TenantId.Parse("acme");

    /// <summary>The tenant's API key.</summary>
    public string Key => _http.DefaultRequestHeaders.Authorization!.Parameter!;

    /// <summary>
    /// Creates it with one endpoint, whose waits are so short that real time serves. Even with the
    /// jitter of 10 % each is one second to SQS, which knows whole seconds only.
    /// </summary>
    public static async Task<MeteredTenant> CreateAsync(MeteredHost host, Uri endpoint)
    {
        var tenant = new MeteredTenant(new HttpClient { BaseAddress = host.Url });
        tenant.Authenticate(host.OperatorKey);
        var made = await tenant.PostAsync("/v1/tenants", $$"""{"tenant_id":"{{tenant.Id}}"}""");
        tenant.Authenticate(made.GetProperty("api_key").GetString()!);
        await tenant.PostAsync(
            "/v1/endpoints",
            $$"""{"url":"{{endpoint}}","retry_schedule":["900ms","900ms"]}"""
        );
        return tenant;
    }

    /// <summary>Posts an event.</summary>
    public async Task<EventId> PostEventAsync(byte[] payload)
    {
        var answer = await PostAsync("/v1/events", payload);
        return EventId.TryParse(answer.GetProperty("event_id").GetString(), out var id)
            ? id
            : throw new BrokenRunException("The API did not answer with an event id.");
    }

    public void Dispose() => _http.Dispose();

    private Task<JsonElement> PostAsync(string path, string json) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json));

    private async Task<JsonElement> PostAsync(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement
            : throw new BrokenRunException(
                $"POST {path} answered {(int)answer.StatusCode}: {text}"
            );
    }

    private void Authenticate(string key) =>
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
}
