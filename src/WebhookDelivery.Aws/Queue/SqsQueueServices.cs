using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Registers the queue of due deliveries with all that it consists of.</summary>
internal static class SqsQueueServices
{
    /// <summary>
    /// Adds <see cref="IDeliveryQueue"/> and <see cref="DeliveryMessageReader"/>. The clients, the
    /// options, <see cref="EventShards"/>, the dead letters' parts, jitter and time come from others.
    /// </summary>
    public static IServiceCollection AddSqsQueue(this IServiceCollection services)
    {
        services.TryAddSingleton<MessageSender>();
        services.TryAddSingleton<MessageReceiver>();
        services.TryAddSingleton<MessageDeleter>();
        services.TryAddSingleton<ClaimNotes>();
        services.TryAddSingleton<DueIndex>();
        services.TryAddSingleton<DueFallback>();
        services.TryAddSingleton<OverdueClaims>();
        services.TryAddSingleton<OverdueSweep>();
        services.TryAddSingleton(provider => new DeliveryMessageReader(
            provider.GetRequiredService<DueIndex>(),
            provider.GetRequiredService<ClaimNotes>(),
            provider.GetRequiredService<AwsEngineOptions>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton<IDeliveryQueue, SqsDeliveryQueue>();
        return services;
    }
}
