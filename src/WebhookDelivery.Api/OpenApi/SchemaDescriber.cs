using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WebhookDelivery.Api;

/// <summary>Describes what the generator cannot see: the JSON types that converters write, and codes.</summary>
internal sealed class SchemaDescriber : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (CodesOf(context.JsonPropertyInfo) is { } codes)
        {
            schema.Enum = [.. codes.Select(code => (JsonNode)code)];
            if (schema.Type is { } types && types.HasFlag(JsonSchemaType.Null))
            {
                schema.Enum.Add(JsonNullSentinel.JsonNull);
            }
        }

        var type = context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
        {
            schema.Type =
                type == typeof(DateTimeOffset)
                    ? JsonSchemaType.String
                    : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        else if (type == typeof(RawJson) || type == typeof(RawJson?))
        {
            schema.Type =
                type == typeof(RawJson)
                    ? JsonSchemaType.Object
                    : JsonSchemaType.Object | JsonSchemaType.Null;
            schema.AdditionalPropertiesAllowed = true;
        }

        return Task.CompletedTask;
    }

    private static IReadOnlyList<string>? CodesOf(JsonPropertyInfo? property) =>
        property
            ?.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), inherit: false)
            .OfType<OneOfAttribute>()
            .SingleOrDefault()
            ?.Codes;
}
