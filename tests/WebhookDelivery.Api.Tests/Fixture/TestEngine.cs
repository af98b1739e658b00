using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Api.Tests;

/// <summary>The one place that says what engine the tests run on, and composes Core with it.</summary>
internal static class TestEngine
{
    /// <summary>Adds Core on a database in a directory that the caller disposes last.</summary>
    public static void Add(IServiceCollection services, TemporaryDirectory directory)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ISecretProtector>(
            new MasterKeySecretProtector(RandomNumberGenerator.GetBytes(SealedBox.KeyBytes))
        );
        services.AddSingleton<IWebhookSender, UnusedSender>();
        services.AddWebhookDelivery(new WebhookDeliveryOptions());
        services.AddSqliteEngine(new SqliteEngineOptions { DataDirectory = directory.Path });
    }
}
