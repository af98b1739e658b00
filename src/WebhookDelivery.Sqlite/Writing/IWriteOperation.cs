namespace WebhookDelivery.Sqlite;

/// <summary>
/// One caller's change, applied by the writer within a transaction that it shares with others. It
/// may be applied again after a rollback, so applying must depend on the database alone.
/// </summary>
internal interface IWriteOperation
{
    /// <summary>True for a new event, which is refused first when room is short.</summary>
    bool IsIngest { get; }

    /// <summary>What it holds in memory while it waits.</summary>
    int Bytes { get; }

    void Apply(WriteSession session);

    /// <summary>Its transaction has committed.</summary>
    void Succeed();

    /// <summary>Nothing of it has been stored.</summary>
    void Fail(Exception exception);
}
