using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Hosting;

/// <summary>Sees to it that the master key is the one that the stored secrets were sealed under.</summary>
internal static class MasterKeyCheck
{
    /// <summary>
    /// Opens one tenant's data key. Without tenants any key will do, and a missing one is made; with
    /// them, a new key could open nothing, and would seal what the right one could not.
    /// </summary>
    /// <exception cref="InvalidOperationException">The key is missing or another one.</exception>
    public static void Hold(IServiceProvider services, HostSettings settings)
    {
        var tenants = services.GetRequiredService<ITenantStore>();
        var sealedOne = Wait(tenants.ListAsync(null, 1, CancellationToken.None)) is [var tenant]
            ? tenant
            : null;
        if (sealedOne is not null && IsKeyFileMissing(settings, out var path))
        {
            throw new InvalidOperationException(
                $"The key file {path} is missing, and the tenants' secrets are sealed under its key: restore it, or give the key as {HostSettings.Section}:Secrets:MasterKey."
            );
        }

        var protector = services.GetRequiredService<ISecretProtector>();
        if (sealedOne is null)
        {
            return;
        }

        try
        {
            Wait(protector.ProtectAsync(sealedOne.DataKey, default, "", CancellationToken.None));
        }
        catch (CryptographicException exception)
        {
            throw new InvalidOperationException(
                $"The master key is not the one that the tenants' secrets in {settings.Place} are sealed under: {Cure(settings)}.",
                exception
            );
        }
    }

    private static bool IsKeyFileMissing(HostSettings settings, out string path)
    {
        path = Path.Combine(Path.GetFullPath(settings.DataDirectory), MasterKeyFile.FileName);
        return settings is { Storage: StorageEngine.Sqlite, MasterKey: null } && !File.Exists(path);
    }

    private static string Cure(HostSettings settings) =>
        settings switch
        {
            { KmsKeyId: not null } => $"correct {HostSettings.Section}:Secrets:KmsKeyId",
            { Storage: StorageEngine.Aws } => $"correct {HostSettings.Section}:Secrets:MasterKey",
            _ =>
                $"restore {MasterKeyFile.FileName}, or correct {HostSettings.Section}:Secrets:MasterKey",
        };

    /// <summary>Nothing else runs yet, and the engine reads on the calling thread.</summary>
    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
