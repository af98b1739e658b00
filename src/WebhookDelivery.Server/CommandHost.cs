using Microsoft.AspNetCore.Builder;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary>What the server itself would be configured with, for commands that do not serve.</summary>
/// <param name="Settings">All of them, checked.</param>
/// <param name="Builder">What they were read from; it logs nothing.</param>
internal sealed record CommandHost(HostSettings Settings, WebApplicationBuilder Builder)
{
    /// <summary>
    /// Settings are read once. To watch appsettings.json for changes is to watch everything below the
    /// working directory, the default data directory too: each write to the database would be told
    /// to a thread of ours, only to be thrown away; and what may not be read there would end the start.
    /// </summary>
    private static readonly string[] s_hostArguments = ["--hostBuilder:reloadConfigOnChange=false"];

    /// <summary>A builder with the configuration of environment and appsettings.json, read once.</summary>
    public static WebApplicationBuilder CreateBuilder() =>
        WebApplication.CreateBuilder(s_hostArguments);

    /// <summary>Reads the settings.</summary>
    /// <param name="data">The data directory, as the command line names it.</param>
    /// <exception cref="InvalidSettingsException">Something is wrong; it says everything that is.</exception>
    public static CommandHost Read(string? data)
    {
        var builder = CreateBuilder();
        builder.Logging.ClearProviders();
        var settings = HostSettings.Read(
            builder.Configuration,
            data,
            dev: false,
            TimeProvider.System.GetUtcNow()
        );
        return new CommandHost(settings, builder);
    }

    /// <summary>Reads the settings of a data directory that is not served.</summary>
    /// <param name="data">The data directory, as the command line names it.</param>
    /// <exception cref="StartException">The engine is another one.</exception>
    public static HostSettings ReadEmbedded(string? data)
    {
        var settings = Read(data).Settings;
        return settings.Storage == StorageEngine.Sqlite
            ? settings
            : throw new StartException(
                $"This is for the embedded engine: {HostSettings.Section}:Storage is {settings.Storage}."
            );
    }

    /// <summary>
    /// Takes hold of the store, and runs nothing. No secret is opened: a command that needs none works
    /// without the master key, wherever that is kept.
    /// </summary>
    /// <exception cref="StartException">The store cannot be used, or another process has it.</exception>
    public WebApplication OpenStore()
    {
        Builder.Services.AddWebhookDeliveryHost(Settings);
        var application = Builder.Build();
        HostStart.OpenStore(application.Services);
        return application;
    }
}
