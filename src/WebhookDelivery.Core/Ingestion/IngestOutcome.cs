namespace WebhookDelivery.Core;

/// <summary>What came of accepting an event.</summary>
public abstract record IngestOutcome
{
    private IngestOutcome() { }

    /// <summary>It is durable.</summary>
    public sealed record Accepted(EventId EventId, IReadOnlyList<EndpointId> Endpoints)
        : IngestOutcome;

    /// <summary>The key stood for the same body already; this is the first answer.</summary>
    public sealed record Replayed(EventId EventId, IReadOnlyList<EndpointId> Endpoints)
        : IngestOutcome;

    /// <summary>The key stands for another body.</summary>
    public sealed record KeyReused : IngestOutcome;

    /// <summary>There is no such tenant, or it is deleted.</summary>
    public sealed record NoTenant : IngestOutcome;

    /// <summary>There is no such endpoint (<see cref="IngestRequest.OnlyTo"/>).</summary>
    public sealed record NoEndpoint : IngestOutcome;
}
