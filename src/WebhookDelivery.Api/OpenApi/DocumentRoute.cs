using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace WebhookDelivery.Api;

/// <summary>
/// GET /openapi/v1.json. The routes do not change while the process runs, so the document is made
/// once, at the first request for it.
/// </summary>
internal sealed class DocumentRoute(
    [FromKeyedServices(DocumentRoute.Name)] IOpenApiDocumentProvider provider
)
{
    public const string Name = "v1";

    private byte[]? _document;

    public async Task GetAsync(HttpContext context)
    {
        // Two first requests at once may both make it; they make the same.
        _document ??= await MakeAsync();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = _document.Length;
        await context.Response.Body.WriteAsync(_document);
    }

    private async Task<byte[]> MakeAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }
}
