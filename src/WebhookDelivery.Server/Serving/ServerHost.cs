using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using WebhookDelivery.Api;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary>Composes API, worker and sweeper into one process, on the engine that the settings name.</summary>
internal static class ServerHost
{
    /// <summary>Stopping takes at most this long: requests beside attempts, then the writer.</summary>
    private static readonly TimeSpan s_shutdownTimeout = TimeSpan.FromSeconds(8);

    /// <summary>
    /// A body slower than this for longer than the grace time is given up with 408: the largest one
    /// by default, of 1 MiB, may take four minutes. Kestrel's own rate would let it hold its memory for
    /// more than an hour.
    /// </summary>
    private static readonly MinDataRate s_slowestBody = new(4096, TimeSpan.FromSeconds(10));

    /// <summary>The connections that are taken at once: as set, or fewer where descriptors are scarce.</summary>
    public static long MaxConnections(HostSettings settings) =>
        Math.Min(settings.MaxConnections, DescriptorLimit.Connections ?? long.MaxValue);

    /// <summary>Builds the application; nothing runs yet, but the store is taken hold of.</summary>
    /// <param name="builder">With configuration and logging as the caller wants them.</param>
    /// <param name="settings">What to build.</param>
    public static WebApplication Build(WebApplicationBuilder builder, HostSettings settings)
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
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections(settings);
            kestrel.Limits.MinRequestBodyDataRate = s_slowestBody;
        });

        services.AddWebhookDeliveryHost(settings);
        services.AddHostedService<DeliveryService>();
        services.AddHostedService<SweeperService>();
        services.AddHostedService<StatisticsService>();

        var application = builder.Build();
        HostStart.Prepare(application.Services);
        application.UseWebhookDeliveryApi();
        application.MapWebhookDeliveryApi();
        return application;
    }
}
