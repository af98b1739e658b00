using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookDelivery.Api;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;
using WebhookDelivery.Http;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Hosting;

/// <summary>Composes what every host is made of.</summary>
public static class HostServices
{
    /// <summary>
    /// Adds Core, the engine that the settings name, the sender, the API and the protector of secrets.
    /// What is registered already stays. Call <see cref="HostStart.Prepare"/> before anything runs.
    /// </summary>
    public static IServiceCollection AddWebhookDeliveryHost(
        this IServiceCollection services,
        HostSettings settings
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(settings);
        services.AddWebhookDelivery(settings.Core);
        services.AddWebhookSender(settings.Sender);
        services.AddWebhookDeliveryApi(settings.Api);
        if (settings.Aws is { } aws)
        {
            services.AddAwsEngine(aws);
            services.AddSingleton<IReadinessCheck, AwsReadiness>();
        }
        else
        {
            services.AddSqliteEngine(
                new SqliteEngineOptions { DataDirectory = settings.DataDirectory }
            );
            services.AddSingleton<IReadinessCheck, SqliteReadiness>();
        }

        if (settings.KmsKeyId is { } keyId)
        {
            services.AddKmsSecretProtector(keyId);
        }

        services.TryAddSingleton<ISecretProtector>(_ => MasterKeyProtector(settings));
        return services;
    }

    /// <summary>The protector by the configured master keys, or by those of the data directory's file.</summary>
    /// <exception cref="InvalidOperationException">The key file cannot be used.</exception>
    internal static MasterKeySecretProtector MasterKeyProtector(HostSettings settings)
    {
        var keys = settings.MasterKeys ?? MasterKeyFile.ReadOrCreate(settings.DataDirectory);
        return new MasterKeySecretProtector(
            keys.Current.Span,
            [.. keys.Previous, .. settings.PreviousMasterKeys]
        );
    }
}
