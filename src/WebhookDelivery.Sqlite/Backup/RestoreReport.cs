namespace WebhookDelivery.Sqlite;

/// <summary>A backup that was put in place.</summary>
/// <param name="Path">The database's file.</param>
/// <param name="KeptAside">Where the database that was there is now; null if there was none.</param>
public sealed record RestoreReport(string Path, string? KeptAside);
