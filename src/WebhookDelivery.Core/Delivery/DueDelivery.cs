namespace WebhookDelivery.Core;

/// <summary>
/// A delivery as a queue carries it: enough to attempt it without reading the store where the
/// payload is small, and enough to recognise that it is stale.
/// </summary>
public sealed record DueDelivery
{
    /// <summary>Which delivery.</summary>
    public required DeliveryKey Key { get; init; }

    /// <summary>The generation that this attempt belongs to, from 1.</summary>
    public required int Generation { get; init; }

    /// <summary>The number of the attempt that is due, within the generation, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When it is due.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>What started its generation (<see cref="Delivery.Source"/>).</summary>
    public EventSource Source { get; init; }

    /// <summary>
    /// Whether it makes up for what was missed: of a recovery or a replay, or parked and resumed. Live
    /// deliveries to the same endpoint go first.
    /// </summary>
    public bool Backlog { get; init; }

    /// <summary>The event's type, for the `webhook-event-type` header; null if it has none.</summary>
    public string? EventType { get; init; }

    /// <summary>
    /// The payload's exact bytes where the queue carries them; null where the runner must read them
    /// from the store (large payloads, deliveries found again by their due time).
    /// </summary>
    public ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>The W3C trace context of the request that caused it; null if there was none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// Which commit of the store made it due, where the store numbers its commits; otherwise 0. A
    /// queue that also reads the store tells by it whether a read may have found the delivery before
    /// it was enqueued.
    /// </summary>
    public long CommitNumber { get; init; }
}
