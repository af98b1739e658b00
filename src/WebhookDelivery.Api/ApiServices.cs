using FluentValidation;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace WebhookDelivery.Api;

/// <summary>Registers the HTTP API.</summary>
public static class ApiServices
{
    /// <summary>
    /// Registers what the API owns. Beside it, the container needs Core's services, an engine (their
    /// ports), an <see cref="Core.IEndpointUrlPolicy"/> and a <see cref="TimeProvider"/>. Sets the
    /// application's HTTP JSON options to the API's forms, as its OpenAPI document is made from them.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="options">The API's settings.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static IServiceCollection AddWebhookDeliveryApi(
        this IServiceCollection services,
        ApiOptions options
    )
    {
        var faults = options.FindFaults();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        services.TryAddSingleton(options);
        services.TryAddSingleton<Gate>();
        services.TryAddSingleton<BodyMemory>();
        AddValidators(services);
        AddHandlers(services);
        AddDocument(services);
        return services;
    }

    private static void AddValidators(IServiceCollection services)
    {
        services.TryAddSingleton<IValidator<EndpointFields>, EndpointFieldsValidator>();
        services.TryAddSingleton<IValidator<RotationFields>, RotationFieldsValidator>();
        services.TryAddSingleton<IValidator<VerificationFields>, VerificationFieldsValidator>();
        services.TryAddSingleton<IValidator<TestFields>, TestFieldsValidator>();
        services.TryAddSingleton<IValidator<RequeueFields>, RequeueFieldsValidator>();
        services.TryAddSingleton<IValidator<RecoveryFields>, RecoveryFieldsValidator>();
        services.TryAddSingleton<IValidator<TenantFields>, TenantFieldsValidator>();
    }

    private static void AddHandlers(IServiceCollection services)
    {
        services.TryAddSingleton<EventIntake>();
        services.TryAddSingleton<EventReading>();
        services.TryAddSingleton<EventExplaining>();
        services.TryAddSingleton<EventRedelivery>();
        services.TryAddSingleton<EventCancellation>();
        services.TryAddSingleton<DeliveryListing>();
        services.TryAddSingleton<EndpointReading>();
        services.TryAddSingleton<EndpointNames>();
        services.TryAddSingleton<EndpointChanging>();
        services.TryAddSingleton<EndpointReplacing>();
        services.TryAddSingleton<SecretRotation>();
        services.TryAddSingleton<EndpointTesting>();
        services.TryAddSingleton<SignatureVerification>();
        services.TryAddSingleton<DeadLetterListing>();
        services.TryAddSingleton<RequeueScope>();
        services.TryAddSingleton<DeadLetterRequeueing>();
        services.TryAddSingleton<RecoveryStarting>();
        services.TryAddSingleton<RecoveryReading>();
        services.TryAddSingleton<StatisticsReading>();
        services.TryAddSingleton<TenantRoutes>();
        services.TryAddSingleton<ApiKeyRoutes>();
        services.TryAddSingleton<HealthRoutes>();
        services.TryAddSingleton<DocumentRoute>();
    }

    private static void AddDocument(IServiceCollection services)
    {
        services.Configure<JsonOptions>(json => ApiJson.Configure(json.SerializerOptions));
        services.AddOpenApi(
            DocumentRoute.Name,
            document =>
            {
                document.ShouldInclude = description =>
                    description.ActionDescriptor.EndpointMetadata.OfType<RouteDoc>().Any();
                document.CreateSchemaReferenceId = type =>
                    OpenApiOptions
                        .CreateDefaultSchemaReferenceId(type)
                        ?.Replace("Body", "", StringComparison.Ordinal)
                        .Replace(nameof(RawJson), "JsonObject", StringComparison.Ordinal);
                document.AddSchemaTransformer<SchemaDescriber>();
                document.AddOperationTransformer<OperationDescriber>();
                document.AddDocumentTransformer<DocumentDescriber>();
            }
        );
    }
}
