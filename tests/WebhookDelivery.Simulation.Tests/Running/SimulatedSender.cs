using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>A process's sender: it takes its requests to the simulated receivers, behind breakers.</summary>
internal sealed class SimulatedSender(
    Host host,
    TimeProvider clock,
    Receivers receivers,
    Random random
) : IWebhookSender
{
    private const int FailuresToOpen = 4;

    private readonly Dictionary<EndpointKey, (int Failures, DateTimeOffset OpenUntil)> _breakers =
    [];

    public DateTimeOffset? PostponedUntil(EndpointKey endpoint, DateTimeOffset now) =>
        _breakers.TryGetValue(endpoint, out var breaker) && breaker.OpenUntil > now
            ? breaker.OpenUntil
            : null;

    public async ValueTask<SendResult> SendAsync(
        WebhookRequest request,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        if (PostponedUntil(request.Endpoint, now) is { } until)
        {
            return new SendResult.Postponed(until);
        }

        var exchange = host.Journal.Begin(host, request, now);
        var (answer, after) = receivers.Next(request.Endpoint);
        var outcome =
            after < request.Timeout ? answer : new AttemptOutcome { Reason = ReasonCode.Timeout };
        try
        {
            await Task.Delay(
                after < request.Timeout ? after : request.Timeout,
                clock,
                cancellationToken
            );
        }
        catch (OperationCanceledException)
        {
            host.Journal.Cut(exchange);
            throw;
        }

        outcome = outcome with { Duration = host.Scheduler.Elapsed - exchange.Began };
        host.Journal.End(exchange, outcome);
        Count(request.Endpoint, outcome, clock.GetUtcNow());
        return new SendResult.Attempted(outcome);
    }

    private void Count(EndpointKey endpoint, AttemptOutcome outcome, DateTimeOffset now)
    {
        var failures =
            outcome.Reason == ReasonCode.Delivered
                ? 0
                : _breakers.GetValueOrDefault(endpoint).Failures + 1;
        var openUntil =
            failures >= FailuresToOpen ? now + TimeSpan.FromMilliseconds(random.Next(20_000)) : now;
        _breakers[endpoint] = (failures, openUntil);
    }
}
