using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>Registers the sender.</summary>
public static class WebhookSenderServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IWebhookSender"/>, <see cref="IEndpointUrlPolicy"/>, <see cref="AddressPolicy"/>
    /// and, unless registered before, <see cref="IHostResolver"/> and <see cref="TimeProvider"/>; all
    /// singletons. Logging is the host's to add.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="options">What is allowed, and the limits.</param>
    public static IServiceCollection AddWebhookSender(
        this IServiceCollection services,
        HttpSenderOptions options
    )
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        services.TryAddSingleton(provider => new AddressPolicy(
            provider.GetRequiredService<HttpSenderOptions>().AllowedNetworks
        ));
        services.TryAddSingleton<EndpointUrlPolicy>();
        services.TryAddSingleton<IEndpointUrlPolicy>(provider =>
            provider.GetRequiredService<EndpointUrlPolicy>()
        );
        services.TryAddSingleton<IWebhookSender, WebhookSender>();
        return services;
    }
}
