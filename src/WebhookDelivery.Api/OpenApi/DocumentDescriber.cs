using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WebhookDelivery.Api;

/// <summary>Says what the document as a whole is about, and how callers authenticate.</summary>
internal sealed class DocumentDescriber : IOpenApiDocumentTransformer
{
    public const string TenantKey = "tenant_key";
    public const string OperatorKey = "operator_key";

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "WebhookDelivery",
            Version = "v1",
            Description =
                "Accepts events and delivers them as signed webhooks, at least once, with retries and a dead-letter queue.",
        };

        // Where the document was fetched from is where the API is: nothing to name.
        document.Servers = null;
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(
            StringComparer.Ordinal
        )
        {
            [TenantKey] = Bearer("A tenant's API key, whk_…"),
            [OperatorKey] = Bearer("An operator's API key, wha_…"),
        };
        return Task.CompletedTask;
    }

    private static OpenApiSecurityScheme Bearer(string text) =>
        new()
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = text,
        };
}
