namespace WebhookDelivery.Sqlite;

/// <summary>
/// One step of the schema forward. It is taken in a transaction of its own and never changed once
/// released: a change is a further step.
/// </summary>
/// <param name="Purpose">What it brings, in words for the log.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record SchemaStep(string Purpose, string Sql);
