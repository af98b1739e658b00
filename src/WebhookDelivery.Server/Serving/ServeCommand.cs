using System.CommandLine;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary><c>serve</c>: runs API, worker and sweeper until it is told to stop.</summary>
internal static class ServeCommand
{
    private const string DefaultUrl = "http://localhost:8080";
    private const StringSplitOptions Separating =
        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    /// <summary>The command with its options.</summary>
    /// <param name="data">The option of the data directory, which several commands share.</param>
    public static Command Define(Option<string?> data)
    {
        var urls = new Option<string?>("--urls")
        {
            Description = "Addresses to listen on, comma-separated. Default: http://localhost:8080",
        };
        var dev = new Option<bool>("--dev")
        {
            Description = "Allow http, loopback targets and any port. For development only.",
        };
        var command = new Command("serve", "Run API, worker and sweeper in this process.")
        {
            urls,
            data,
            dev,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    parsed.GetValue(urls),
                    parsed.GetValue(data),
                    parsed.GetValue(dev),
                    cancellation
                )
        );
        return command;
    }

    public static async Task<int> RunAsync(
        string? urls,
        string? data,
        bool dev,
        CancellationToken cancellationToken
    )
    {
        var builder = CommandHost.CreateBuilder();
        var addresses = UseUrls(builder, urls);
        var settings = HostSettings.Read(
            builder.Configuration,
            data,
            dev,
            TimeProvider.System.GetUtcNow()
        );

        ConfigureLogging(builder);
        await using var application = ServerHost.Build(builder, settings);
        var keys = ActivatorUtilities.CreateInstance<OperatorKeys>(application.Services);
        await keys.AcceptAsync(settings.AdminKey, cancellationToken);
        await StartAsync(application, addresses, cancellationToken);

        // Not before it listens: a key made by a start that failed would never be printed.
        var operatorKey = await keys.MakeFirstAsync(cancellationToken);
        Announce(application, settings, operatorKey);
        application.Lifetime.ApplicationStopping.Register(ServiceNotification.Stopping);
        ServiceNotification.Ready();
        await application.WaitForShutdownAsync(cancellationToken);
        return ReportFaults(application);
    }

    /// <summary>A worker or sweeper that died has stopped the server: that is no success.</summary>
    private static int ReportFaults(WebApplication application)
    {
        var faults = application
            .Services.GetServices<IHostedService>()
            .OfType<BackgroundService>()
            .Select(service => service.ExecuteTask?.Exception)
            .OfType<AggregateException>()
            .ToList();
        foreach (var fault in faults)
        {
            Console.Error.WriteLine($"Stopped by a fault: {fault.GetBaseException()}");
        }

        return faults.Count == 0 ? 0 : 1;
    }

    /// <summary>The command line's addresses, else the configuration's, else the default.</summary>
    /// <exception cref="StartException">One is not an address.</exception>
    private static string[] UseUrls(WebApplicationBuilder builder, string? urls)
    {
        urls ??= builder.Configuration["urls"] is { Length: > 0 } configured
            ? configured
            : DefaultUrl;
        var all = urls.Split([',', ';'], Separating);
        foreach (var url in all.DefaultIfEmpty(urls))
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException exception)
            {
                throw new StartException(
                    $"'{url}' is no address to listen on: give one such as {DefaultUrl}.",
                    exception
                );
            }
        }

        builder.WebHost.UseUrls(all);
        return all;
    }

    private static async Task StartAsync(
        WebApplication application,
        string[] addresses,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or InvalidOperationException)
        {
            // Listening comes last: worker and sweeper run already, on a store about to be closed.
            await application.StopAsync(CancellationToken.None);
            throw new StartException(
                $"Cannot listen on {string.Join(", ", addresses)}: {exception.Message} Another address can be given with --urls.",
                exception
            );
        }
    }

    private static void Announce(
        WebApplication application,
        HostSettings settings,
        string? operatorKey
    )
    {
        var url = application.Urls.First();
        Console.WriteLine(
            $"WebhookDelivery {settings.Sender.Version} on {string.Join(", ", application.Urls)}, data in {settings.Place}. Ctrl-C stops it."
        );
        if (settings.Dev)
        {
            Console.WriteLine(
                "Warning: --dev allows http, loopback targets and any port. Never use it where tenants are not you."
            );
        }

        if (
            ServerHost.MaxConnections(settings) is var connections
            && connections < settings.MaxConnections
        )
        {
            Console.WriteLine(
                $"Connections to the API at once: {connections}, not {settings.MaxConnections}, as file descriptors are scarce: raise their limit (ulimit -n, LimitNOFILE)."
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
        // It logs a start that failed with a stack trace; the command says the same in a line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // A line for each connection beyond the limit: whoever opens them would fill the log.
        builder.Logging.AddFilter(
            "Microsoft.AspNetCore.Server.Kestrel.Connections",
            LogLevel.Error
        );
        // It would start an Activity and a log scope for each request; the API reads traceparent itself.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("System", LogLevel.Warning);
    }
}
