using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>One endpoint's live deliveries, or those of its backlog: each is read for itself.</summary>
/// <param name="Endpoint">Which endpoint.</param>
/// <param name="Backlog">Which of the two.</param>
internal readonly record struct LaneKey(EndpointKey Endpoint, bool Backlog)
{
    /// <summary>The lane of a delivery.</summary>
    public static LaneKey Of(DueDelivery due) => new(due.Key.Endpoint, due.Backlog);
}
