using System.CommandLine;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary>
/// <c>rotate-master-key</c>: a new key in the data directory's key file, while the server is stopped; or,
/// on AWS, the data keys under the key that is configured.
/// </summary>
internal static class RotateMasterKeyCommand
{
    /// <summary>The old key stays in the key file.</summary>
    public const string Keep = "keep";

    /// <summary>The old key is gone when the command ends.</summary>
    public const string Delete = "delete";

    /// <summary>The command with its options.</summary>
    /// <param name="data">The option of the data directory, which several commands share.</param>
    public static Command Define(Option<string?> data)
    {
        var oldKey = new Option<string?>("--old-key")
        {
            Description =
                "What becomes of the old key: keep it below the new one, for backups taken before, or delete it. Needed unless on AWS.",
        };
        oldKey.AcceptOnlyFromAmong(Keep, Delete);
        var command = new Command(
            "rotate-master-key",
            "Make a new master key and wrap the tenants' data keys under it; the server must be stopped. On AWS: wrap them under the configured one."
        )
        {
            data,
            oldKey,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(parsed.GetValue(data), parsed.GetValue(oldKey), cancellation)
        );
        return command;
    }

    public static async Task<int> RunAsync(
        string? data,
        string? oldKey,
        CancellationToken cancellationToken
    )
    {
        var host = CommandHost.Read(data);
        var settings = host.Settings;
        if (settings.Storage == StorageEngine.Aws)
        {
            return await RewrapAsync(host, cancellationToken);
        }

        if (settings.MasterKeys is not null)
        {
            throw new StartException(
                $"The master key is configured, not kept in {MasterKeyFile.FileName}: set {HostSettings.Section}:Secrets:MasterKey to the new one and {HostSettings.Section}:Secrets:PreviousMasterKeys to the old one, and restart the server."
            );
        }

        if (oldKey is null)
        {
            throw new StartException(
                $"Say what becomes of the old key: --old-key {Keep}, for backups taken before today, or --old-key {Delete}."
            );
        }

        SqliteDirectory.Require(settings);
        var tenants = await MasterKeyChange.RunAsync(settings, oldKey == Keep, cancellationToken);
        Console.WriteLine(
            $"The data keys of {tenants} tenants are under a new master key, and were checked."
        );
        Console.Error.WriteLine(
            oldKey == Keep
                ? $"The old key is kept in {MasterKeyFile.FileName}, below the new one. Back the file up again."
                : $"The old key is gone from {MasterKeyFile.FileName}. Back the file up again; backups of the database taken before now need the old key."
        );
        return 0;
    }

    private static async Task<int> RewrapAsync(
        CommandHost host,
        CancellationToken cancellationToken
    )
    {
        await using var application = host.OpenStore();
        if (
            application.Services.GetRequiredService<ISecretProtector>()
            is not MasterKeySecretProtector keys
        )
        {
            throw new StartException(
                "KMS wraps the data keys and keeps the former versions of its keys: rotate the key there."
            );
        }

        var store = application.Services.GetRequiredService<ITenantStore>();
        var tenants = await MasterKeyChange.RewrapAsync(
            store,
            keys,
            host.Settings,
            cancellationToken
        );
        Console.WriteLine(
            $"The data keys of {tenants} tenants are under {HostSettings.Section}:Secrets:MasterKey, and were checked."
        );
        return 0;
    }
}
