using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>The platform's API, as far as a benchmark sets it up and asks it beside its load.</summary>
internal sealed class Platform(Uri url, string key) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = url,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>Creates a tenant and returns its API key. For an operator's key.</summary>
    public async Task<string> CreateTenantAsync(string id, CancellationToken cancellationToken)
    {
        var tenant = await PostAsync("/v1/tenants", new { tenant_id = id }, cancellationToken);
        return tenant.GetProperty("api_key").GetString()!;
    }

    /// <summary>Creates an endpoint and returns its id. For a tenant's key.</summary>
    public async Task<string> CreateEndpointAsync(
        Uri target,
        StageTenant tenant,
        CancellationToken cancellationToken
    )
    {
        var endpoint = await PostAsync(
            "/v1/endpoints",
            new
            {
                url = target.AbsoluteUri,
                max_in_flight = tenant.MaxInFlight,
                timeout_seconds = tenant.TimeoutSeconds,
            },
            cancellationToken
        );
        return endpoint.GetProperty("endpoint_id").GetString()!;
    }

    /// <summary>Creates an endpoint that no event is routed to and returns its id. For a tenant's key.</summary>
    public async Task<string> CreateIdleEndpointAsync(CancellationToken cancellationToken)
    {
        var endpoint = await PostAsync(
            "/v1/endpoints",
            new { url = "http://127.0.0.1/idle", event_types = new[] { "other" } },
            cancellationToken
        );
        return endpoint.GetProperty("endpoint_id").GetString()!;
    }

    /// <summary>Reads a page of a list. For a tenant's key.</summary>
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        _http.GetFromJsonAsync<JsonElement>(path, cancellationToken);

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
            var page = await GetAsync(at, cancellationToken);
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
