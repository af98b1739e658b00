using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Server;

/// <summary>Calls a running server's API over HTTP, as any client would; for demo and seed.</summary>
internal sealed class ApiClient(Uri server) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromSeconds(10),
    };

    public Task<ApiAnswer> GetAsync(string path, string key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, key, null, null, cancellationToken);

    public Task<ApiAnswer> PostAsync(
        string path,
        string key,
        string body,
        CancellationToken cancellationToken,
        string? idempotencyKey = null
    ) => SendAsync(HttpMethod.Post, path, key, body, idempotencyKey, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<ApiAnswer> SendAsync(
        HttpMethod method,
        string path,
        string key,
        string? body,
        string? idempotencyKey,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var json = text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
        return new ApiAnswer(
            (int)response.StatusCode,
            json,
            text,
            response.Headers.Contains("Idempotency-Replayed")
        );
    }
}
