namespace WebhookDelivery.Core;

/// <summary>What came of <see cref="IEventStore.AppendAsync"/>.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    /// <summary>
    /// The event is durable. Its id and endpoints are the given ones, or under a key whose first
    /// request died half-way, that request's: enqueue these.
    /// </summary>
    /// <param name="EventId">The event.</param>
    /// <param name="Endpoints">Where it goes.</param>
    /// <param name="CommitNumber">As <see cref="DueDelivery.CommitNumber"/>.</param>
    public sealed record Appended(
        EventId EventId,
        IReadOnlyList<EndpointId> Endpoints,
        long CommitNumber = 0
    ) : AppendResult;

    /// <summary>The key stood for the same body already; nothing was stored.</summary>
    public sealed record Replayed(EventId EventId, IReadOnlyList<EndpointId> Endpoints)
        : AppendResult;

    /// <summary>The key stood for another body; nothing was stored.</summary>
    public sealed record KeyReused : AppendResult;
}
