using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Registers the embedded engine.</summary>
public static class SqliteServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="SqliteEngine"/> and its ports <see cref="IEventStore"/>,
    /// <see cref="ITenantStore"/>, <see cref="IRecoveryStore"/>, <see cref="IDeliveryQueue"/> and
    /// <see cref="IStatisticsStore"/>, unless they are registered
    /// already. The directory is taken when the first of them is resolved, and let go with the
    /// container. Time is the registered <see cref="TimeProvider"/>, or else the system's.
    /// </summary>
    public static IServiceCollection AddSqliteEngine(
        this IServiceCollection services,
        SqliteEngineOptions options
    )
    {
        SqliteEngineOptions.Validate(options);
        services.TryAddSingleton(options);
        services.TryAddSingleton(provider =>
            SqliteEngine.Open(
                provider.GetRequiredService<SqliteEngineOptions>(),
                provider.GetService<TimeProvider>() ?? TimeProvider.System,
                provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance
            )
        );
        services.TryAddSingleton(provider =>
            provider.GetRequiredService<SqliteEngine>().EventStore
        );
        services.TryAddSingleton(provider =>
            provider.GetRequiredService<SqliteEngine>().TenantStore
        );
        services.TryAddSingleton(provider =>
            provider.GetRequiredService<SqliteEngine>().RecoveryStore
        );
        services.TryAddSingleton(provider =>
            provider.GetRequiredService<SqliteEngine>().DeliveryQueue
        );
        services.TryAddSingleton(provider =>
            provider.GetRequiredService<SqliteEngine>().StatisticsStore
        );
        return services;
    }
}
