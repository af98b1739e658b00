namespace WebhookDelivery.Core;

/// <summary>Which dead letters to list, newest event first. Filters combine by and.</summary>
public sealed record DeadLetterQuery
{
    /// <summary>Whose.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Only those to this endpoint.</summary>
    public EndpointId? EndpointId { get; init; }

    /// <summary>Only those whose event was created at or after this time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those whose event was created before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Most dead letters in the page, 1–1,000.</summary>
    public required int Limit { get; init; }

    /// <summary>Where the last page ended.</summary>
    public DeadLetterPosition? After { get; init; }
}
