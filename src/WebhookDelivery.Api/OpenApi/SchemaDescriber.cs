using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WebhookDelivery.Api;

/// <summary>Names the JSON types of what converters write, which the generator cannot see into.</summary>
internal sealed class SchemaDescriber : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
        {
            schema.Type =
                type == typeof(DateTimeOffset)
                    ? JsonSchemaType.String
                    : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        else if (type == typeof(RawJson))
        {
            schema.Type = JsonSchemaType.Object;
            schema.AdditionalPropertiesAllowed = true;
        }

        return Task.CompletedTask;
    }
}
