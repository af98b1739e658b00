using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WebhookDelivery.Api;

/// <summary>Fills in what the generator cannot see, as the handlers take the request by hand.</summary>
internal sealed class OperationDescriber : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var doc = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteDoc>().Single();
        operation.Description = doc.Description;
        operation.Parameters = Parameters(context.Description.RelativePath ?? "", doc);
        operation.Security = Security(doc.Audience, context.Document!);
        DescribeAnswers(operation, doc);
        if (doc.Body is not null)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !doc.BodyOptional,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new()
                    {
                        Schema = await BodySchemaAsync(doc.Body, context, cancellationToken),
                    },
                },
            };
        }
    }

    private static List<IOpenApiParameter> Parameters(string path, RouteDoc doc)
    {
        var parameters = new List<IOpenApiParameter>();
        foreach (var part in path.Split('/').Where(part => part.StartsWith('{')))
        {
            parameters.Add(
                new OpenApiParameter
                {
                    Name = part[1..^1],
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }

        foreach (var parameter in doc.Parameters)
        {
            parameters.Add(
                new OpenApiParameter
                {
                    Name = parameter.Name,
                    In = parameter.In,
                    Description = parameter.Text,
                    Schema = parameter.ToSchema(),
                }
            );
        }

        return parameters;
    }

    /// <summary>Which key; an empty list says that none is needed.</summary>
    private static List<OpenApiSecurityRequirement> Security(
        Audience audience,
        OpenApiDocument document
    ) =>
        audience == Audience.Everybody
            ? []
            :
            [
                new OpenApiSecurityRequirement
                {
                    [
                        new OpenApiSecuritySchemeReference(
                            audience == Audience.Tenant
                                ? DocumentDescriber.TenantKey
                                : DocumentDescriber.OperatorKey,
                            document
                        )
                    ] = [],
                },
            ];

    private static void DescribeAnswers(OpenApiOperation operation, RouteDoc doc)
    {
        foreach (var errors in doc.AllErrors())
        {
            if (operation.Responses?[$"{errors.Key}"] is OpenApiResponse response)
            {
                response.Description = string.Join(
                    " ",
                    errors.Select(error => $"`{error.Code}`: {error.Title}")
                );
                response.Headers = RefusalHeaders(errors);
            }
        }

        if (doc.DryRunAnswer is not null && operation.Responses?["200"] is OpenApiResponse counted)
        {
            counted.Description = "With dry_run: how many there are; nothing was done.";
        }

        if (
            doc.OtherStatus is { } other
            && operation.Responses?[$"{other}"] is OpenApiResponse otherSuccess
        )
        {
            otherSuccess.Description = "Done; the body says what.";
        }

        if (operation.Responses?[$"{doc.Status}"] is OpenApiResponse success)
        {
            success.Description = doc.Answer is null ? "Done." : "Done; the body says what.";
            if (doc.DryRunAnswer is not null)
            {
                success.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
                {
                    ["Location"] = Header("Where its progress is found."),
                };
            }

            if (doc.Id is "postEvent" or "postEventAlias")
            {
                success.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
                {
                    ["Location"] = Header("Where the event is found."),
                    [IntakeAnswer.ReplayedHeader] = Header(
                        "`true` where the idempotency key gave the first answer again; else absent."
                    ),
                };
            }
        }
    }

    /// <summary>What comes beside the problem; null where nothing does.</summary>
    private static Dictionary<string, IOpenApiHeader>? RefusalHeaders(IEnumerable<ErrorCode> errors)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        if (errors.Contains(ErrorCodes.Unauthorized))
        {
            headers["WWW-Authenticate"] = Header("`Bearer`: how to authenticate.");
        }

        if (errors.Contains(ErrorCodes.Overloaded))
        {
            headers["Retry-After"] = Header(
                "Seconds to wait before trying again, at least 1.",
                JsonSchemaType.Integer
            );
        }

        return headers.Count > 0 ? headers : null;
    }

    private static OpenApiHeader Header(string text, JsonSchemaType type = JsonSchemaType.String) =>
        new()
        {
            Description = text,
            Schema = new OpenApiSchema { Type = type },
        };

    /// <summary>The form of a body, listed once among the document's schemas.</summary>
    private static async Task<IOpenApiSchema> BodySchemaAsync(
        Type type,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
        if (type == typeof(RawJson))
        {
            return schema;
        }

        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }
}
