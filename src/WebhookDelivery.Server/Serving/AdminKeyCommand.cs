using Microsoft.AspNetCore.Builder;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary><c>admin-key</c>: replaces a lost operator key, while the server is stopped.</summary>
internal static class AdminKeyCommand
{
    public static async Task<int> RunAsync(string? data, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var settings = HostSettings.Read(
            builder.Configuration,
            data,
            dev: false,
            TimeProvider.System.GetUtcNow()
        );
        SqliteDirectory.Require(settings);
        await using var application = ServerHost.Build(builder, settings);
        var keys = ActivatorUtilities.CreateInstance<OperatorKeys>(application.Services);
        Console.WriteLine(await keys.ReplaceAsync(cancellationToken));
        Console.Error.WriteLine(
            "All earlier operator keys are revoked. This one is shown only now."
        );
        return 0;
    }
}
