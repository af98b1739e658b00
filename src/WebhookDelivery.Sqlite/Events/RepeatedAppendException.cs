namespace WebhookDelivery.Sqlite;

/// <summary>Events that were appended together are not all new; each is to be tried for itself.</summary>
internal sealed class RepeatedAppendException() : Exception("An event is stored already.");
