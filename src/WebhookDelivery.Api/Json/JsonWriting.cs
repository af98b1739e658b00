using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Api;

/// <summary>Writes JSON bodies whole, with their length.</summary>
internal static class JsonWriting
{
    public static Task WriteAsync<T>(
        HttpResponse response,
        int status,
        string contentType,
        T value,
        JsonTypeInfo<T> type
    )
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;

        // Answers differ by key, and some show a secret this once: no cache may keep them.
        response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(bytes).AsTask();
    }
}
