using System.CommandLine;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary>
/// <c>admin-key</c>: replaces a lost operator key, while the server is stopped; or prints a new one to
/// configure, which needs no database.
/// </summary>
internal static class AdminKeyCommand
{
    /// <summary>The command with its options.</summary>
    /// <param name="data">The option of the data directory, which several commands share.</param>
    public static Command Define(Option<string?> data)
    {
        var printOnly = new Option<bool>("--print-only")
        {
            Description =
                "Only print a new key, to configure as AdminKey or AdminKeyFile; nothing is stored or revoked, and no database is needed.",
        };
        var command = new Command(
            "admin-key",
            "Make a new operator key and revoke all others; the server must be stopped, unless --print-only."
        )
        {
            data,
            printOnly,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(parsed.GetValue(data), parsed.GetValue(printOnly), cancellation)
        );
        return command;
    }

    public static async Task<int> RunAsync(
        string? data,
        bool printOnly,
        CancellationToken cancellationToken
    )
    {
        if (printOnly)
        {
            return data is null
                ? Print()
                : throw new StartException("--print-only touches no --data: give one of them.");
        }

        var host = CommandHost.Read(data);
        SqliteDirectory.Require(host.Settings);

        // Without the master key, which may be where only the service's manager can read it.
        await using var application = host.OpenStore();
        var keys = ActivatorUtilities.CreateInstance<OperatorKeys>(application.Services);
        Console.WriteLine(await keys.ReplaceAsync(cancellationToken));
        Console.Error.WriteLine(
            "All earlier operator keys are revoked. This one is shown only now."
        );
        return 0;
    }

    private static int Print()
    {
        var now = TimeProvider.System.GetUtcNow();
        Console.WriteLine(ApiKeyToken.Create(ApiKeyRole.Operator, null, null, now).Text);
        Console.Error.WriteLine(
            $"Nothing is stored. A server accepts this key once it is configured as {HostSettings.Section}:AdminKey, or in the file of {HostSettings.Section}:AdminKeyFile."
        );
        return 0;
    }
}
