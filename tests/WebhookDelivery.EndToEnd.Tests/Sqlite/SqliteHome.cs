using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Hosting;
using WebhookDelivery.Server;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The embedded engine: the server as <c>serve</c> composes it, on a temporary directory.</summary>
public sealed class SqliteHome : IEngine
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>Where the data is.</summary>
    public string DataDirectory => Path.Combine(_directory.Path, "data");

    /// <inheritdoc/>
    public async Task<IRunningServer> StartAsync(ServerSetup setup)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = _directory.Path }
        );
        builder.Logging.ClearProviders();
        if (setup.Log is not null)
        {
            builder.Logging.AddProvider(setup.Log).SetMinimumLevel(LogLevel.Trace);
        }

        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(setup.Time);
        setup.Services(builder.Services);
        var settings = HostSettings.Read(
            Configure(setup),
            DataDirectory,
            setup.Dev,
            setup.Time.GetUtcNow()
        );
        var application = ServerHost.Build(builder, settings);
        var keys = ActivatorUtilities.CreateInstance<OperatorKeys>(application.Services);
        await keys.AcceptAsync(settings.AdminKey, CancellationToken.None);
        await application.StartAsync();
        return new Running(application);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Nothing of the machine's environment or settings files takes part.</summary>
    private static IConfigurationRoot Configure(ServerSetup setup) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                setup
                    .Settings.Append(KeyValuePair.Create("AdminKey", (string?)setup.OperatorKey))
                    .Select(each =>
                        KeyValuePair.Create($"{HostSettings.Section}:{each.Key}", each.Value)
                    )
            )
            .Build();

    private sealed class Running(WebApplication application) : IRunningServer
    {
        public string Url { get; } = application.Urls.First();

        public async ValueTask DisposeAsync()
        {
            await application.StopAsync();
            await application.DisposeAsync();
        }
    }
}
