using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Hosting;
using WebhookDelivery.Server;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The server as <c>serve</c> composes it, in the test's process.</summary>
internal sealed class ServerInProcess : IRunningServer
{
    private readonly WebApplication _application;

    private ServerInProcess(WebApplication application)
    {
        _application = application;
        Url = application.Urls.First();
    }

    public string Url { get; }

    public IServiceProvider Services => _application.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="setup">What the test asks.</param>
    /// <param name="directory">Its content root.</param>
    /// <param name="settings">What the engine needs, by names within the section; the test's come after.</param>
    public static async Task<ServerInProcess> StartAsync(
        ServerSetup setup,
        string directory,
        IEnumerable<KeyValuePair<string, string?>> settings
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = directory }
        );
        builder.Logging.ClearProviders();
        if (setup.Log is not null)
        {
            builder.Logging.AddProvider(setup.Log).SetMinimumLevel(LogLevel.Trace);
        }

        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(setup.Time);
        setup.Services(builder.Services);
        var read = HostSettings.Read(
            Configure(setup, settings),
            null,
            setup.Dev,
            setup.Time.GetUtcNow()
        );
        var application = ServerHost.Build(builder, read);
        var keys = ActivatorUtilities.CreateInstance<OperatorKeys>(application.Services);
        await keys.AcceptAsync(read.AdminKey, CancellationToken.None);
        await application.StartAsync();
        return new ServerInProcess(application);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    /// <summary>Nothing of the machine's environment or settings files takes part.</summary>
    private static IConfigurationRoot Configure(
        ServerSetup setup,
        IEnumerable<KeyValuePair<string, string?>> settings
    ) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(Named(settings))
            .AddInMemoryCollection(
                Named(
                    setup.Settings.Append(
                        KeyValuePair.Create("AdminKey", (string?)setup.OperatorKey)
                    )
                )
            )
            .Build();

    private static IEnumerable<KeyValuePair<string, string?>> Named(
        IEnumerable<KeyValuePair<string, string?>> settings
    ) =>
        settings.Select(each =>
            KeyValuePair.Create($"{HostSettings.Section}:{each.Key}", each.Value)
        );
}
