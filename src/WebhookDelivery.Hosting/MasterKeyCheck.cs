using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Hosting;

/// <summary>Sees to it that the master key is the one that the stored secrets were sealed under.</summary>
internal static class MasterKeyCheck
{
    /// <summary>Most tenants that a message names.</summary>
    private const int NamedMax = 3;

    /// <summary>
    /// On the embedded engine: opens every tenant's data key, and wraps anew those that a previous master
    /// key wraps. Without tenants any key will do, and a missing one is made; with them, a new key could
    /// open nothing, and would seal what the right one could not.
    /// </summary>
    /// <remarks>
    /// On AWS it opens one tenant's: every cold start of a function does this, and all at once may not
    /// rewrap what others still open by the old key alone. The command `rotate-master-key` does all.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The key is missing or another one.</exception>
    public static void Hold(IServiceProvider services, HostSettings settings)
    {
        var tenants = services.GetRequiredService<ITenantStore>();
        var first = Wait(tenants.ListAsync(null, 1, CancellationToken.None).AsTask())
            is [var tenant]
            ? tenant
            : null;
        if (first is not null && IsKeyFileMissing(settings, out var path))
        {
            throw new InvalidOperationException(
                $"The key file {path} is missing, and the tenants' secrets are sealed under its key: restore it, or give the key as {HostSettings.Section}:Secrets:MasterKey."
            );
        }

        var protector = services.GetRequiredService<ISecretProtector>();
        if (first is null)
        {
            return;
        }

        if (settings.Storage == StorageEngine.Sqlite && protector is MasterKeySecretProtector keys)
        {
            HoldAll(tenants, keys, settings, services.GetRequiredService<ILoggerFactory>());
        }
        else
        {
            HoldOne(protector, first, settings);
        }
    }

    /// <summary>Says which tenants' data keys none of the master keys opens, and what to do.</summary>
    public static string Explain(MasterKeyRotationResult.KeyMissing missing, HostSettings settings)
    {
        if (missing.Unopened.Count == missing.Tenants)
        {
            return Another(settings);
        }

        var named = string.Join(", ", missing.Unopened.Take(NamedMax));
        var more = missing.Unopened.Count > NamedMax ? ", …" : "";
        return $"None of the master keys at hand opens the data keys of {missing.Unopened.Count} of {missing.Tenants} tenants in {settings.Place} ({named}{more}): also give the key that wraps them, as {HostSettings.Section}:Secrets:PreviousMasterKeys or in a further line of {MasterKeyFile.FileName}.";
    }

    private static void HoldAll(
        ITenantStore tenants,
        MasterKeySecretProtector keys,
        HostSettings settings,
        ILoggerFactory loggers
    )
    {
        switch (Wait(new MasterKeyRotation(tenants, keys).RunAsync(CancellationToken.None)))
        {
            case MasterKeyRotationResult.KeyMissing missing:
                throw new InvalidOperationException(Explain(missing, settings));
            case MasterKeyRotationResult.Done { Replaced: > 0 } done:
                var logger = loggers.CreateLogger(typeof(MasterKeyCheck));
                MasterKeyLog.Rotated(logger, done.Replaced, done.Tenants);
                break;
            case MasterKeyRotationResult.Done when keys.PreviousKeys > 0:
                MasterKeyLog.PreviousUnneeded(
                    loggers.CreateLogger(typeof(MasterKeyCheck)),
                    keys.PreviousKeys
                );
                break;
        }
    }

    private static void HoldOne(ISecretProtector protector, Tenant tenant, HostSettings settings)
    {
        try
        {
            Wait(
                protector.ProtectAsync(tenant.DataKey, default, "", CancellationToken.None).AsTask()
            );
        }
        catch (CryptographicException exception)
        {
            throw new InvalidOperationException(Another(settings), exception);
        }
    }

    private static bool IsKeyFileMissing(HostSettings settings, out string path)
    {
        path = MasterKeyFile.PathIn(settings.DataDirectory);
        return settings is { Storage: StorageEngine.Sqlite, MasterKeys: null }
            && !File.Exists(path);
    }

    private static string Another(HostSettings settings) =>
        $"The master key is not the one that the tenants' secrets in {settings.Place} are sealed under: {Cure(settings)}.";

    private static string Cure(HostSettings settings) =>
        settings switch
        {
            { KmsKeyId: not null } => $"correct {HostSettings.Section}:Secrets:KmsKeyId",
            { Storage: StorageEngine.Aws } => $"correct {HostSettings.Section}:Secrets:MasterKey",
            _ =>
                $"restore {MasterKeyFile.FileName}, or correct {HostSettings.Section}:Secrets:MasterKey",
        };

    /// <summary>Nothing else runs yet.</summary>
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
