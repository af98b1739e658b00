using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>The one place that says what engine the tests run on, and composes Core with it.</summary>
internal static class TestEngine
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<MemoryEngine>();
        services.AddSingleton<IEventStore>(all => all.GetRequiredService<MemoryEngine>());
        services.AddSingleton<IDeliveryQueue>(all => all.GetRequiredService<MemoryEngine>());
        services.AddSingleton<ITenantStore, MemoryTenants>();
        AddCore(services);
    }

    private static void AddCore(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IIdSource, RandomIdSource>();
        services.AddSingleton<ISecretProtector>(
            new MasterKeySecretProtector(RandomNumberGenerator.GetBytes(SealedBox.KeyBytes))
        );
        services.AddSingleton(new TenantDirectoryOptions());
        services.AddSingleton(new EndpointOptions());
        services.AddSingleton<BacklogSignal>();
        services.AddSingleton<EndpointVault>();
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<EndpointAdministration>();
        services.AddSingleton<TenantAdministration>();
        services.AddSingleton<ApiKeyAuthenticator>();
        services.AddSingleton<EventIngestor>();
        services.AddSingleton<Redeliverer>();
        services.AddSingleton<DeadLetterRequeuer>();
    }
}
