namespace WebhookDelivery.Sqlite;

/// <summary>A backup that was made.</summary>
/// <param name="Path">Its file.</param>
/// <param name="AsOf">What was accepted before is in it.</param>
/// <param name="ReadFor">How long it kept the write-ahead log from beginning anew.</param>
/// <param name="WalBytes">The log's size afterwards.</param>
/// <param name="Summary">What it holds.</param>
public sealed record BackupReport(
    string Path,
    DateTimeOffset AsOf,
    TimeSpan ReadFor,
    long WalBytes,
    DatabaseSummary Summary
);
