using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookDelivery.Api;
using WebhookDelivery.Core;
using WebhookDelivery.Http;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary>Composes API, worker and sweeper on the embedded engine into one process.</summary>
internal static class ServerHost
{
    /// <summary>Stopping takes at most this long: requests beside attempts, then the writer.</summary>
    private static readonly TimeSpan s_shutdownTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Builds the application; nothing runs yet, but the data directory is taken.</summary>
    /// <param name="builder">With configuration and logging as the caller wants them.</param>
    /// <param name="settings">What to build.</param>
    public static WebApplication Build(WebApplicationBuilder builder, ServerSettings settings)
    {
        var services = builder.Services;
        services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = s_shutdownTimeout;
            // One after another, a client that never ends its request would take the attempts' time.
            options.ServicesStopConcurrently = true;
            options.BackgroundServiceExceptionBehavior =
                BackgroundServiceExceptionBehavior.StopHost;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        services.TryAddSingleton(TimeProvider.System);
        services.AddWebhookDelivery(settings.Core);
        services.AddSqliteEngine(
            new SqliteEngineOptions { DataDirectory = settings.DataDirectory }
        );
        services.AddWebhookSender(settings.Sender);
        services.AddWebhookDeliveryApi(settings.Api);
        services.TryAddSingleton<ISecretProtector>(_ => new MasterKeySecretProtector(
            settings.MasterKey is { } key
                ? key.Span
                : MasterKeyFile.ReadOrCreate(settings.DataDirectory)
        ));
        services.AddSingleton<IReadinessCheck, EngineReadiness>();
        services.AddHostedService<DeliveryService>();
        services.AddHostedService<SweeperService>();

        var application = builder.Build();
        TakeDataDirectory(application, settings);
        application.UseWebhookDeliveryApi();
        application.MapWebhookDeliveryApi();
        return application;
    }

    /// <summary>Now rather than at the first request: a directory that is in use must end the start.</summary>
    private static void TakeDataDirectory(WebApplication application, ServerSettings settings)
    {
        try
        {
            application.Services.GetRequiredService<SqliteEngine>();
            MasterKeyCheck.Hold(application.Services, settings);
        }
        catch (Exception exception)
            when (exception
                    is InvalidOperationException
                        or IOException
                        or UnauthorizedAccessException
                        or StoreUnavailableException
            )
        {
            throw new StartException(exception.Message, exception);
        }
    }
}
