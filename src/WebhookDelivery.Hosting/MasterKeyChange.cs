using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Hosting;

/// <summary>
/// Puts a new master key into the place of the old one, in the key file of a data directory that no
/// server runs on.
/// </summary>
/// <remarks>
/// 1. The new key becomes the file's first line, the old one stays below: durable before anything needs
///    it. 2. Every data key is wrapped anew, in one transaction, and all are checked. 3. The old keys are
///    removed from the file, if so asked. Cut off anywhere, the file opens every data key: the next start
///    does what is left of 2, and asking again does it all once more.
/// </remarks>
public static class MasterKeyChange
{
    /// <summary>Changes it.</summary>
    /// <param name="settings">Which directory; its key is in its file, not configured.</param>
    /// <param name="keepOld">Whether the old keys stay in the file, for backups taken before.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>How many tenants there are.</returns>
    /// <exception cref="StartException">A server runs, or the old key is not the right one.</exception>
    public static async Task<int> RunAsync(
        HostSettings settings,
        bool keepOld,
        CancellationToken cancellationToken
    )
    {
        await using var engine = Open(settings);
        var file = MasterKeyFile.PathIn(settings.DataDirectory);
        if (!File.Exists(file))
        {
            throw new StartException($"The key file {file} is missing: restore it first.");
        }

        try
        {
            var keys = MasterKeyFile.ReadOrCreate(settings.DataDirectory);
            await RewrapAsync(engine, keys, settings, cancellationToken);

            // All is under the current key now: a ring that is full has room where the old ones may go.
            keys = (keepOld ? keys : keys.WithoutPrevious()).Renew();
            MasterKeyFile.Replace(settings.DataDirectory, keys);
            var tenants = await RewrapAsync(engine, keys, settings, cancellationToken);
            if (!keepOld)
            {
                MasterKeyFile.Replace(settings.DataDirectory, keys.WithoutPrevious());
            }

            return tenants;
        }
        catch (InvalidOperationException exception)
        {
            throw new StartException(exception.Message, exception);
        }
    }

    /// <summary>
    /// Wraps every data key under the configured master key, which may be done beside servers that know
    /// the old one as well.
    /// </summary>
    /// <returns>How many tenants there are.</returns>
    /// <exception cref="StartException">A key is missing.</exception>
    public static async Task<int> RewrapAsync(
        ITenantStore tenants,
        MasterKeySecretProtector keys,
        HostSettings settings,
        CancellationToken cancellationToken
    ) =>
        await new MasterKeyRotation(tenants, keys).RunAsync(cancellationToken) switch
        {
            MasterKeyRotationResult.KeyMissing missing => throw new StartException(
                MasterKeyCheck.Explain(missing, settings)
            ),
            MasterKeyRotationResult.Done done => done.Tenants,
            var other => throw new InvalidOperationException($"Unknown result {other}."),
        };

    private static SqliteEngine Open(HostSettings settings)
    {
        try
        {
            return SqliteEngine.Open(
                new SqliteEngineOptions { DataDirectory = settings.DataDirectory },
                TimeProvider.System,
                NullLoggerFactory.Instance
            );
        }
        catch (InvalidOperationException exception)
        {
            throw new StartException(exception.Message, exception);
        }
    }

    private static Task<int> RewrapAsync(
        SqliteEngine engine,
        MasterKeyRing keys,
        HostSettings settings,
        CancellationToken cancellationToken
    ) =>
        RewrapAsync(
            engine.TenantStore,
            new MasterKeySecretProtector(
                keys.Current.Span,
                [.. keys.Previous, .. settings.PreviousMasterKeys]
            ),
            settings,
            cancellationToken
        );
}
