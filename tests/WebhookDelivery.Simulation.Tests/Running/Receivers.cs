using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>The tenants' receivers: how each takes what it gets, by the seed.</summary>
internal sealed class Receivers(Random random)
{
    private readonly Dictionary<EndpointKey, Behaviour> _behaviours = [];

    public void Set(EndpointKey endpoint, Behaviour behaviour) => _behaviours[endpoint] = behaviour;

    /// <summary>What a receiver does with the next request: its answer, and after how long.</summary>
    public (AttemptOutcome Outcome, TimeSpan After) Next(EndpointKey endpoint)
    {
        var soon = TimeSpan.FromMicroseconds(random.Next(100, 100_000));
        return _behaviours.GetValueOrDefault(endpoint) switch
        {
            Behaviour.Slow => (Good(), TimeSpan.FromMilliseconds(random.Next(12_000))),
            Behaviour.Down => (Bad(ReasonCode.ConnectFailed, null), soon),
            Behaviour.Flapping => (
                random.Next(2) == 0 ? Good() : Bad(ReasonCode.HttpStatus, 500),
                soon
            ),
            Behaviour.Hung => (Good(), TimeSpan.MaxValue),
            Behaviour.Throttling => (random.Next(3) == 0 ? Good() : Throttled(), soon),
            Behaviour.Leaving => (
                random.Next(3) > 0 ? Good() : Bad(ReasonCode.EndpointGone, 410),
                soon
            ),
            Behaviour.Asking => (Asking(), soon),
            _ => (Good(), soon),
        };
    }

    private AttemptOutcome Asking()
    {
        var outcome = random.Next(3) switch
        {
            0 => Bad(ReasonCode.HttpStatus, 500),
            1 => Bad(ReasonCode.Aborted, 422) with { Directives = ReceiverDirectives.AbortMessage },
            _ => Good(),
        };
        return random.Next(4) == 0
            ? outcome with
            {
                Directives = outcome.Directives | ReceiverDirectives.Disable,
            }
            : outcome;
    }

    private static AttemptOutcome Good() =>
        new() { Reason = ReasonCode.Delivered, StatusCode = 204 };

    private static AttemptOutcome Bad(ReasonCode reason, int? status) =>
        new() { Reason = reason, StatusCode = status };

    private AttemptOutcome Throttled() =>
        new()
        {
            Reason = ReasonCode.Throttled,
            StatusCode = 429,
            RetryAfter = random.Next(3) == 0 ? null : TimeSpan.FromSeconds(random.Next(40)),
        };
}
