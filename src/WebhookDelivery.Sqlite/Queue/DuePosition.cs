using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>A place in the index of an endpoint's due times.</summary>
/// <param name="DueMs">When the delivery there is due.</param>
/// <param name="EventId">Tells those of one millisecond apart.</param>
internal readonly record struct DuePosition(long DueMs, EventId EventId);
