namespace WebhookDelivery.Sqlite;

/// <summary>A database holds what it must not hold: it, or the disk under it, is damaged.</summary>
public sealed class DamagedDatabaseException(string message) : Exception(message);
