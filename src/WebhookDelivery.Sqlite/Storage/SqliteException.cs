namespace WebhookDelivery.Sqlite;

/// <summary>
/// SQLite refused a call. Translated at the adapter's edge; leaves it only as a fault of the statement.
/// </summary>
internal sealed class SqliteException(int code, string message)
    : Exception($"SQLite error {code}: {message}")
{
    /// <summary>The extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>True where the database's file is not what SQLite wrote.</summary>
    public bool IsDamage => (Code & 0xff) is SqliteNative.Corrupt or SqliteNative.NotADb;

    /// <summary>
    /// True where the machine stands in the way and not the statement: waiting, or an operator, can
    /// cure it.
    /// </summary>
    /// <remarks>
    /// A damaged page (CORRUPT) is none of these: what touches it fails for itself, and must not keep
    /// everything else from being written.
    /// </remarks>
    public bool IsEnvironmental =>
        (Code & 0xff)
            is SqliteNative.Full
                or SqliteNative.IoErr
                or SqliteNative.Busy
                or SqliteNative.Locked
                or SqliteNative.ReadOnly
                or SqliteNative.CantOpen
                or SqliteNative.NoMem
                or SqliteNative.Protocol
                or SqliteNative.Perm
                or SqliteNative.NotADb;
}
