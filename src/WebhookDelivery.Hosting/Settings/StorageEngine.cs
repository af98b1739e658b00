namespace WebhookDelivery.Hosting;

/// <summary>Where a host keeps what it is given.</summary>
public enum StorageEngine
{
    /// <summary>The embedded engine: one process, one directory.</summary>
    Sqlite,

    /// <summary>DynamoDB, SQS and S3: many processes.</summary>
    Aws,
}
