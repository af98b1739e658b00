using System.Security.Cryptography;
using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary>Sees to it that the master key is the one that the stored secrets were sealed under.</summary>
internal static class MasterKeyCheck
{
    /// <summary>
    /// Opens one tenant's data key. Without tenants any key will do, and a missing one is made; with
    /// them, a new key could open nothing, and would seal what the right one could not.
    /// </summary>
    /// <exception cref="InvalidOperationException">The key is missing or another one.</exception>
    public static void Hold(IServiceProvider services, ServerSettings settings)
    {
        var tenants = services.GetRequiredService<ITenantStore>();
        var sealedOne = Wait(tenants.ListAsync(null, 1, CancellationToken.None)) is [var tenant]
            ? tenant
            : null;
        var path = Path.Combine(Path.GetFullPath(settings.DataDirectory), MasterKeyFile.FileName);
        if (sealedOne is not null && settings.MasterKey is null && !File.Exists(path))
        {
            throw new InvalidOperationException(
                $"The key file {path} is missing, and the tenants' secrets are sealed under its key: restore it, or give the key as {ServerSettings.Section}:Secrets:MasterKey."
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
                $"The master key is not the one that the tenants' secrets in {Path.GetFullPath(settings.DataDirectory)} are sealed under: restore {MasterKeyFile.FileName}, or correct {ServerSettings.Section}:Secrets:MasterKey.",
                exception
            );
        }
    }

    /// <summary>Nothing else runs yet, and the engine reads on the calling thread.</summary>
    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
