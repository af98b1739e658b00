namespace WebhookReceiver;

/// <summary>The body or query of <c>POST /mode</c>; what is absent is normal.</summary>
/// <param name="Status">The status to answer, 200–599. Below 300, the default: success, which is
/// 204, or 200 for a duplicate.</param>
/// <param name="Times">For how many deliveries, from 1; null until changed.</param>
/// <param name="DelayMs">How long to wait before answering, milliseconds, at most 10 minutes.</param>
/// <param name="Hang">Never answer; the sender must give up.</param>
internal sealed record ModeSettings(
    int? Status = null,
    int? Times = null,
    int? DelayMs = null,
    bool? Hang = null
)
{
    public static ModeSettings Normal { get; } = new();

    public string? FindProblem() =>
        Status is < 200 or > 599 ? "status is between 200 and 599."
        : Times is < 1 ? "times is at least 1."
        : DelayMs is < 0 or > 600_000 ? "delay_ms is between 0 and 600000."
        : null;
}
