namespace WebhookDelivery.Core;

/// <summary>One HTTP exchange that happened, or was refused by the address guard. Append-only.</summary>
public sealed record Attempt
{
    /// <summary>Whose attempt it was.</summary>
    public required DeliveryKey Key { get; init; }

    /// <summary>The delivery's generation at the time.</summary>
    public required int Generation { get; init; }

    /// <summary>The attempt's number within the generation, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The version of the endpoint that it was made under.</summary>
    public required int EndpointVersion { get; init; }

    /// <summary>What came of it.</summary>
    public required AttemptOutcome Outcome { get; init; }
}
