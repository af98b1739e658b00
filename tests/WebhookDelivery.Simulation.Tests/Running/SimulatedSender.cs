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
    private static readonly TimeSpan s_probing = TimeSpan.FromSeconds(1);

    private readonly HashSet<EndpointKey> _probed = [];

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

        // Half open: one request finds out, the others are sent back, which nobody could foresee.
        if (IsHalfOpen(request.Endpoint) && !_probed.Add(request.Endpoint))
        {
            return new SendResult.Postponed(now + s_probing);
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
        finally
        {
            _probed.Remove(request.Endpoint);
        }

        outcome = outcome with { Duration = host.Scheduler.Elapsed - exchange.Began };
        host.Journal.End(exchange, outcome);
        Count(request.Endpoint, outcome, clock.GetUtcNow());
        return new SendResult.Attempted(outcome);
    }

    private bool IsHalfOpen(EndpointKey endpoint) =>
        _breakers.TryGetValue(endpoint, out var breaker) && breaker.Failures >= FailuresToOpen;

    private void Count(EndpointKey endpoint, AttemptOutcome outcome, DateTimeOffset now)
    {
        var failures =
            outcome.Reason == ReasonCode.Delivered || host.IsSpared(endpoint.TenantId)
                ? 0
                : _breakers.GetValueOrDefault(endpoint).Failures + 1;
        var openUntil =
            failures >= FailuresToOpen ? now + TimeSpan.FromMilliseconds(random.Next(20_000)) : now;
        _breakers[endpoint] = (failures, openUntil);
    }
}
