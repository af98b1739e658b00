using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Registers what deals with the dead-letter queue.</summary>
internal static class DeadLetterServices
{
    /// <summary>
    /// Adds <see cref="DeadLetterQueueProcessor"/>, <see cref="DeadLetterMessages"/> and
    /// <see cref="IDeadLetterSweep"/>. The clients, the options, <see cref="EventShards"/>, the store,
    /// Core's services and time come from others.
    /// </summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services)
    {
        services.TryAddSingleton<DeadLetterMessages>();
        services.TryAddSingleton<DeadLetterQueue>();
        services.TryAddSingleton<DeadLetterStates>();
        services.TryAddSingleton<DeadLetterPasses>();
        services.TryAddSingleton<IDeadLetterSweep, DeadLetterSweep>();
        services.TryAddSingleton(provider => new DeadLetterQueueProcessor(
            provider.GetRequiredService<DeadLetterPasses>(),
            provider.GetRequiredService<DeadLetterRequeuer>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DeadLetterQueueProcessor>>()
        ));
        return services;
    }
}
