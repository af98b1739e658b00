namespace WebhookReceiver;

/// <summary>One line of <c>GET /received</c>.</summary>
/// <param name="Id">The webhook id; empty if the request had none.</param>
/// <param name="Type">The event's type, if sent.</param>
/// <param name="Attempt">The attempt, if sent.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Duplicate">Whether this id was processed at this path before.</param>
/// <param name="Verified">The schemes verified, <c>unverified</c>, or <c>refused: code</c>.</param>
/// <param name="Answered">The status answered; null for a request left hanging.</param>
/// <param name="BodyBytes">The body's length.</param>
/// <param name="Body">Its beginning.</param>
internal sealed record ReceivedDelivery(
    string Id,
    string? Type,
    int? Attempt,
    DateTimeOffset ReceivedAt,
    bool Duplicate,
    string Verified,
    int? Answered,
    int BodyBytes,
    string Body
);
