using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary><c>admin-key</c>: replaces a lost operator key, while the server is stopped.</summary>
internal static class AdminKeyCommand
{
    /// <summary>The command with its options.</summary>
    /// <param name="data">The option of the data directory, which several commands share.</param>
    public static Command Define(Option<string?> data)
    {
        var command = new Command(
            "admin-key",
            "Make a new operator key and revoke all others; the server must be stopped."
        )
        {
            data,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(data), cancellation));
        return command;
    }

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
