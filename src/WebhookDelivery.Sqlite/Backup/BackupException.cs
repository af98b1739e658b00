namespace WebhookDelivery.Sqlite;

/// <summary>A backup, a restore or a check cannot be done, for a reason that the operator can mend.</summary>
public sealed class BackupException(string message, Exception? innerException = null)
    : Exception(message, innerException);
