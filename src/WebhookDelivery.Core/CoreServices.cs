using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace WebhookDelivery.Core;

/// <summary>Registers what Core owns.</summary>
public static class CoreServices
{
    /// <summary>
    /// Adds the domain's services. They need an engine (<see cref="IEventStore"/>,
    /// <see cref="IDeliveryQueue"/>, <see cref="ITenantStore"/>, <see cref="IRecoveryStore"/>,
    /// <see cref="IStatisticsStore"/>), an <see cref="ISecretProtector"/>
    /// and an <see cref="IWebhookSender"/>; a clock, ids and jitter come with them unless given.
    /// </summary>
    public static IServiceCollection AddWebhookDelivery(
        this IServiceCollection services,
        WebhookDeliveryOptions options
    )
    {
        services.TryAddSingleton(options.Delivery);
        services.TryAddSingleton(options.Endpoints);
        services.TryAddSingleton(options.Tenants);
        services.TryAddSingleton(options.Directory);
        services.TryAddSingleton(options.Recoveries);
        services.TryAddSingleton(options.Sweeper);
        services.TryAddSingleton(options.Statistics);
        services.TryAddSingleton(options.Health);

        services.TryAddSingleton<IIdSource, RandomIdSource>();
        services.TryAddSingleton<IJitterSource, RandomJitterSource>();
        services.TryAddSingleton(TaskScheduler.Default);

        services.TryAddSingleton<EndpointVault>();
        services.TryAddSingleton<TenantDirectory>();
        services.TryAddSingleton<ApiKeyAuthenticator>();
        services.TryAddSingleton<EndpointAdministration>();
        services.TryAddSingleton<TenantAdministration>();
        services.TryAddSingleton<EventIngestor>();
        services.TryAddSingleton<EventExplainer>();
        services.TryAddSingleton<Redeliverer>();
        services.TryAddSingleton<DeliveryCanceller>();
        services.TryAddSingleton<DeadLetterRequeuer>();
        services.TryAddSingleton<SignatureDoctor>();

        services.TryAddSingleton<DeliveryStatistics>();
        services.TryAddSingleton<StatisticsFlusher>();
        services.TryAddSingleton<StatisticsReader>();
        services.TryAddSingleton<OperationalEvents>();
        services.TryAddSingleton<EndpointHealth>();

        services.TryAddSingleton<BacklogSignal>();
        services.TryAddSingleton<Dispatcher>();
        services.TryAddSingleton<StorePersistence>();
        services.TryAddSingleton<PayloadBudget>();
        services.TryAddSingleton<DeliveryRunner>();
        services.TryAddSingleton<DeliveryWorker>();
        services.TryAddSingleton<DeliveryBatch>();
        services.TryAddSingleton<RecoveryRunner>();
        services.TryAddSingleton<RecoveryAdministration>();
        services.TryAddSingleton<Sweeper>();
        return services;
    }
}
