namespace WebhookDelivery.Sqlite;

/// <summary>What to back up, and where to.</summary>
public sealed record BackupRequest
{
    /// <summary>
    /// Size of the write-ahead log's file at which a backup gives up, unless told otherwise: 768 MiB,
    /// three quarters of that at which the server refuses new events.
    /// </summary>
    public const long WalBytesMaxDefault = 768L * 1024 * 1024;

    /// <summary>The data directory, of a server that runs or is stopped.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// The file to make, or a directory: then the file is named after the time,
    /// <c>webhooks-20260131T120000Z.db</c>.
    /// </summary>
    public required string Target { get; init; }

    /// <summary>
    /// Whether a file of that name may be replaced, if it is a database; default false. Anything else is
    /// never replaced.
    /// </summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Whether to leave out free pages, which takes longer and, meanwhile, twice the room; default
    /// false. It costs the server nothing: the copy is compacted, not the database.
    /// </summary>
    public bool Compact { get; init; }

    /// <summary>
    /// Size of the write-ahead log's file at which to give up; default
    /// <see cref="WalBytesMaxDefault"/>. While a backup reads, the log cannot begin anew.
    /// </summary>
    public long WalBytesMax { get; init; } = WalBytesMaxDefault;
}
