using System.Security.Cryptography;
using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Hosting;

/// <summary>
/// Sees to it that a database that is about to be put in place and the master key that is there belong
/// together.
/// </summary>
public static class DataKeyCheck
{
    /// <summary>How many tenants a message names.</summary>
    private const int NamedMax = 3;

    /// <summary>Opens every tenant's data key with the configured master keys, or the directory's.</summary>
    /// <returns>What is missing, for the operator; null if nothing is.</returns>
    /// <exception cref="StartException">The key that is there is another one.</exception>
    public static async Task<string?> FindMissingAsync(
        HostSettings settings,
        IReadOnlyList<TenantDataKey> dataKeys,
        CancellationToken cancellationToken
    )
    {
        var path = MasterKeyFile.PathIn(settings.DataDirectory);
        if (dataKeys.Count == 0)
        {
            return null;
        }

        if (settings.MasterKeys is null && !File.Exists(path))
        {
            return $"The master key is missing, without which no server starts on this database: put it at {path} (mode 0600), or configure {HostSettings.Section}:Secrets:MasterKey.";
        }

        var closed = new List<TenantId>();
        var protector = Protector(settings);
        foreach (var dataKey in dataKeys)
        {
            try
            {
                await protector.ProtectAsync(dataKey, default, "", cancellationToken);
            }
            catch (CryptographicException)
            {
                closed.Add(dataKey.TenantId);
            }
        }

        var place = settings.MasterKeys is null
            ? path
            : $"{HostSettings.Section}:Secrets:MasterKey";
        return closed.Count == 0
            ? null
            : throw new StartException(
                $"The master key of {place} is not the one that this backup needs: it opens the secrets of {dataKeys.Count - closed.Count} of {dataKeys.Count} tenants, not those of {string.Join(", ", closed.Take(NamedMax))}{(closed.Count > NamedMax ? " and others" : "")}. Put the one in its place that was in use when the backup was taken, and restore again. Nothing has changed."
            );
    }

    /// <exception cref="StartException">The key file cannot be used.</exception>
    private static MasterKeySecretProtector Protector(HostSettings settings)
    {
        try
        {
            return HostServices.MasterKeyProtector(settings);
        }
        catch (InvalidOperationException exception)
        {
            throw new StartException(exception.Message, exception);
        }
    }
}
