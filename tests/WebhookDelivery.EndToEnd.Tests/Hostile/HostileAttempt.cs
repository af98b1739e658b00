using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>An attempt at a hostile receiver, as the API shows it.</summary>
internal sealed record HostileAttempt(
    HostileReceiver Receiver,
    string EventId,
    string Reason,
    int? StatusCode,
    TimeSpan Duration
)
{
    /// <summary>Whether this is the documented outcome.</summary>
    public bool IsDocumented => Receiver.Outcomes.Any(Is);

    /// <summary>Whether it came to this outcome.</summary>
    public bool Is(HostileOutcome outcome) =>
        outcome.Reason.ToCode() == Reason && outcome.StatusCode == StatusCode;
}
