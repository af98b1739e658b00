using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>The platform's API, as far as a benchmark calls it beside its load.</summary>
internal sealed class Platform(Uri url, string key) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>Creates the tenant and returns its API key. For an operator's key.</summary>
    public async Task<string> CreateTenantAsync(CancellationToken cancellationToken)
    {
        var tenant = await PostAsync("/v1/tenants", new { tenant_id = "bench" }, cancellationToken);
        return tenant.GetProperty("api_key").GetString()!;
    }

    /// <summary>Creates an endpoint. For a tenant's key, as all below.</summary>
    public Task CreateEndpointAsync(
        Uri target,
        int maxInFlight,
        CancellationToken cancellationToken
    ) =>
        PostAsync(
            "/v1/endpoints",
            new { url = target.AbsoluteUri, max_in_flight = maxInFlight },
            cancellationToken
        );

    /// <summary>How many events have a delivery of this status.</summary>
    public Task<long> CountEventsAsync(string status, CancellationToken cancellationToken) =>
        CountAsync($"/v1/events?limit=100&status={status}", cancellationToken);

    /// <summary>How many dead letters there are.</summary>
    public Task<long> CountDeadLettersAsync(CancellationToken cancellationToken) =>
        CountAsync("/v1/dead-letters?limit=100", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<long> CountAsync(string path, CancellationToken cancellationToken)
    {
        var count = 0L;
        for (string? cursor = ""; cursor is not null; )
        {
            var at = cursor.Length == 0 ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}";
            var page = await _http.GetFromJsonAsync<JsonElement>(at, cancellationToken);
            count += page.GetProperty("data").GetArrayLength();
            cursor = page.GetProperty("next_cursor").GetString();
        }

        return count;
    }

    private async Task<JsonElement> PostAsync(
        string path,
        object body,
        CancellationToken cancellationToken
    )
    {
        using var response = await _http.PostAsJsonAsync(path, body, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new BrokenRunException($"POST {path}: {(int)response.StatusCode} {text}");
        }

        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}
