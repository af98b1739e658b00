using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Api;

/// <summary>A payload's exact bytes.</summary>
/// <param name="Payload">The bytes as they were posted.</param>
internal sealed record PayloadAnswer(ReadOnlyMemory<byte> Payload) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json";
        response.ContentLength = Payload.Length;
        response.Headers.CacheControl = "no-store";

        // The bytes are the tenant's own: no browser may take them for a page.
        response.Headers.XContentTypeOptions = "nosniff";
        return response.Body.WriteAsync(Payload).AsTask();
    }
}
