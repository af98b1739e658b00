using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Registers what sends, reconciles and requeues dead letters.</summary>
internal static class DeadLetterServices
{
    /// <summary>Adds <see cref="DeadLetterQueueProcessor"/>, the sweep and the sender of hints.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services)
    {
        services.TryAddSingleton<DeadLetterMessages>();
        services.TryAddSingleton<IDeadLetterSweep, DeadLetterSweep>();
        services.TryAddSingleton<DeadLetterQueue>();
        services.TryAddSingleton<DeadLetterStates>();
        services.TryAddSingleton(provider => new DeadLetterPasses(
            provider.GetRequiredService<DeadLetterQueue>(),
            provider.GetRequiredService<DeadLetterStates>(),
            provider.GetRequiredService<DeadLetterMessages>(),
            provider.GetRequiredService<IEventStore>(),
            // Only once there is news: to tell it takes the queue that this belongs to.
            new Lazy<OperationalEvents>(provider.GetRequiredService<OperationalEvents>),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DeadLetterPass>>()
        ));
        services.TryAddSingleton(provider => new DeadLetterQueueProcessor(
            provider.GetRequiredService<DeadLetterPasses>(),
            provider.GetRequiredService<DeadLetterRequeuer>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DeadLetterQueueProcessor>>()
        ));
        return services;
    }
}
