using WebhookDelivery.Hosting;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Server;

/// <summary>Keeps commands on a data directory from making one.</summary>
internal static class SqliteDirectory
{
    /// <summary>A directory that was mistyped must not become a new, empty one.</summary>
    /// <exception cref="StartException">The engine is SQLite, and its directory has no database.</exception>
    public static void Require(HostSettings settings)
    {
        if (
            settings.Storage == StorageEngine.Sqlite
            && !SqliteEngine.ExistsIn(settings.DataDirectory)
        )
        {
            throw new StartException(
                $"There is no database in {Path.GetFullPath(settings.DataDirectory)}. Give the server's own directory with --data."
            );
        }
    }
}
