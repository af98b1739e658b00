using Microsoft.AspNetCore.Builder;
using WebhookDelivery.Core;

namespace WebhookDelivery.Server;

/// <summary><c>serve</c>: runs API, worker and sweeper until it is told to stop.</summary>
internal static class ServeCommand
{
    private const string DefaultUrl = "http://localhost:8080";

    public static async Task<int> RunAsync(
        string? urls,
        string? data,
        bool dev,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateBuilder();
        var settings = ServerSettings.Read(
            builder.Configuration,
            data,
            dev,
            TimeProvider.System.GetUtcNow()
        );
        if (urls is not null)
        {
            builder.WebHost.UseUrls(urls.Split(','));
        }
        else if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        ConfigureLogging(builder);
        await using var application = ServerHost.Build(builder, settings);
        var keys = ActivatorUtilities.CreateInstance<OperatorKeys>(application.Services);
        var operatorKey = await keys.EnsureAsync(settings.AdminKey, cancellationToken);

        await application.StartAsync(cancellationToken);
        Announce(application, settings, operatorKey);
        await application.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static void Announce(
        WebApplication application,
        ServerSettings settings,
        string? operatorKey
    )
    {
        var url = application.Urls.First();
        Console.WriteLine(
            $"WebhookDelivery {settings.Sender.Version} on {string.Join(", ", application.Urls)}, data in {Path.GetFullPath(settings.DataDirectory)}. Ctrl-C stops it."
        );
        if (settings.Dev)
        {
            Console.WriteLine(
                "Warning: --dev allows http, loopback targets and any port. Never use it where tenants are not you."
            );
        }

        if (operatorKey is not null)
        {
            Console.WriteLine(QuickStart.Describe(url, operatorKey, settings.Dev));
        }
    }

    /// <summary>One line per entry; the framework's own chatter only from warnings up, unless configured.</summary>
    private static void ConfigureLogging(WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);
    }
}
