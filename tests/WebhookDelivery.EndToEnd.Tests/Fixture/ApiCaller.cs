using System.Net.Http.Headers;
using System.Text;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Calls the API under one key, wherever the server listens at the moment.</summary>
public class ApiCaller(HttpClient http, Func<string> url, string key)
{
    /// <summary>The API key.</summary>
    public string Key => key;

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PostAsync(string path, string? json = null) =>
        SendAsync(HttpMethod.Post, path, Bytes(json));

    public Task<Answer> PatchAsync(string path, string json) =>
        SendAsync(HttpMethod.Patch, path, Bytes(json));

    /// <summary>Sends a request with a JSON body, or none, and further headers.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        byte[]? body,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, url() + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await http.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            response
                .Headers.Concat(response.Content.Headers)
                .ToDictionary(
                    header => header.Key,
                    header => string.Join(", ", header.Value),
                    StringComparer.OrdinalIgnoreCase
                ),
            await response.Content.ReadAsByteArrayAsync()
        );
    }

    private static byte[]? Bytes(string? json) =>
        json is null ? null : Encoding.UTF8.GetBytes(json);
}
