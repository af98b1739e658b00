using Microsoft.AspNetCore.Builder;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary>The settings of commands that work on a data directory without serving it.</summary>
internal static class EmbeddedSettings
{
    /// <summary>Reads what the server itself would be configured with.</summary>
    /// <param name="data">The data directory, as the command line names it.</param>
    /// <exception cref="StartException">The engine is another one.</exception>
    public static HostSettings Read(string? data)
    {
        var settings = HostSettings.Read(
            WebApplication.CreateBuilder().Configuration,
            data,
            dev: false,
            TimeProvider.System.GetUtcNow()
        );
        return settings.Storage == StorageEngine.Sqlite
            ? settings
            : throw new StartException(
                $"This is for the embedded engine: {HostSettings.Section}:Storage is {settings.Storage}."
            );
    }
}
