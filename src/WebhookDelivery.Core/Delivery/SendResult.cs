namespace WebhookDelivery.Core;

/// <summary>What the sender did with a request: an attempt, or none because a breaker is open.</summary>
public abstract record SendResult
{
    private SendResult() { }

    /// <summary>An exchange took place (or the address guard refused it): it counts.</summary>
    /// <param name="Outcome">What came of it.</param>
    public sealed record Attempted(AttemptOutcome Outcome) : SendResult;

    /// <summary>Nothing was sent, as the endpoint's breaker is open: it does not count.</summary>
    /// <param name="Until">When trying again makes sense.</param>
    public sealed record Postponed(DateTimeOffset Until) : SendResult;
}
