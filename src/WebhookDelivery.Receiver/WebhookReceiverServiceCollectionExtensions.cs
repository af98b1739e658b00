using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace WebhookDelivery.Receiver;

/// <summary>Registers the webhook receiver.</summary>
public static class WebhookReceiverServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <c>MapWebhook</c> needs. Faults in the options end the application's start.
    /// Register an own <see cref="IReceivedWebhookLog"/> or <see cref="IWebhookSecretSource"/>,
    /// before or after, to replace the default.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, above all the secrets.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddWebhookReceiver(
        this IServiceCollection services,
        Action<WebhookReceiverOptions> configure
    )
    {
        services.AddOptions<WebhookReceiverOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<
                IValidateOptions<WebhookReceiverOptions>,
                WebhookReceiverOptionsValidator
            >()
        );
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IWebhookSecretSource, OptionsSecretSource>();
        services.TryAddSingleton<IReceivedWebhookLog, InMemoryReceivedWebhookLog>();
        services.TryAddSingleton<WebhookPipeline>();
        return services;
    }
}
