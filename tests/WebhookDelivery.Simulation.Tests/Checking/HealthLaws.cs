using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What must hold of endpoints' health whenever an endpoint is committed.</summary>
internal sealed class HealthLaws(World world)
{
    private readonly Dictionary<EndpointKey, Standing> _standings = [];

    private Journal Journal => world.Journal;

    private EndpointHealthOptions Options => world.Scenario.Options.Health;

    /// <summary>Whether the store refuses nothing.</summary>
    private bool IsSmooth => world.Scenario is { FaultChance: 0, Outages: 0 };

    /// <summary>How long a process may act on what it knew before, calls under way included.</summary>
    private TimeSpan Grace =>
        (world.Scenario.IsLeased ? world.Scenario.Options.Directory.CacheFor : TimeSpan.Zero)
        + (3 * world.Faults.LongestCall)
        + TimeSpan.FromSeconds(5);

    /// <summary>An endpoint as it is from now on.</summary>
    public void Committed(Endpoint endpoint)
    {
        var now = world.Scheduler.Elapsed;
        if (!_standings.TryGetValue(endpoint.Key, out var before))
        {
            _standings.Add(endpoint.Key, new Standing(endpoint, now, now));
            return;
        }

        if (endpoint.FailingSince != before.Endpoint.FailingSince)
        {
            CheckFailing(endpoint);
            before = before with { FailingSet = now };
        }

        if (endpoint is { DeletedAt: null, Disabled: true } && !before.Endpoint.Disabled)
        {
            CheckDisabling(endpoint, before.FailingSet);
        }

        if (endpoint.DeletedAt is null && endpoint.Version == before.Endpoint.Version)
        {
            CheckPaid(before.Endpoint, endpoint);
        }

        _standings[endpoint.Key] = before with { Endpoint = endpoint };
    }

    /// <summary>Whether whoever acts now must know of an operational endpoint, at that time and still.</summary>
    public bool HasDesk(TenantId tenant, TimeSpan at) =>
        !world.WasDeleted(tenant)
        && _standings.Values.Any(each =>
            each.Endpoint is { Operational: true, DeletedAt: null }
            && each.Endpoint.Key.TenantId == tenant
            && at - each.Created > Grace
        );

    private void CheckFailing(Endpoint endpoint)
    {
        if (endpoint.FailingSince is not { } since || world.Scenario.ClockJumps > 0)
        {
            return;
        }

        var failures = ExchangesTo(endpoint.Key)
            .Count(each =>
                each.Outcome is { Reason: not ReasonCode.Delivered and not ReasonCode.Throttled }
                && Milliseconds.Floor(each.StartedAt) >= since
            );
        if (failures < Options.FailuresInARow)
        {
            Journal.Violate($"{endpoint.Key} is called failing after {failures} failures.");
        }

        CheckRow(endpoint.Key, since);
    }

    /// <summary>
    /// A process that knows of a success counts no failure from before it, save those that were under way.
    /// </summary>
    private void CheckRow(EndpointKey endpoint, DateTimeOffset since)
    {
        if (world.Scenario.Processes > 1 || !IsSmooth)
        {
            return;
        }

        var known = ExchangesTo(endpoint)
            .FirstOrDefault(each =>
                IsKnownSuccess(each) && each.StartedAt - since > DeliveryOptions.TimeoutMax
            );
        if (known is not null)
        {
            Journal.Violate(
                $"{endpoint} is called failing since {since}, although {known} succeeded."
            );
        }
    }

    private void CheckDisabling(Endpoint endpoint, TimeSpan failingSet)
    {
        if (endpoint.DisabledReason is null)
        {
            return;
        }

        if (
            !endpoint.Operational
            && !endpoint.BacklogAction.HasFlag(BacklogAction.Announce)
            && HasDesk(endpoint.Key.TenantId, world.Scheduler.Elapsed)
        )
        {
            Journal.Violate($"{endpoint.Key} is disabled, and nobody will be told.");
        }

        if (endpoint.DisabledReason == ReasonCode.Failing)
        {
            CheckTime(endpoint);
            CheckSuccesses(endpoint, failingSet);
        }
    }

    private void CheckTime(Endpoint endpoint)
    {
        // One process says since when, another when it is time; a clock that is set back during the last
        // attempt makes the disabling look earlier than it is.
        var slack = (2 * world.Scenario.SkewMax) + world.Wall.SetForwards + world.Wall.SetBack;
        if (
            Options.DisableAfter == TimeSpan.Zero
            || endpoint.FailingSince is not { } since
            || endpoint.DisabledAt - since < Options.DisableAfter - slack
        )
        {
            Journal.Violate(
                $"{endpoint.Key} is disabled at {endpoint.DisabledAt}, failing since {endpoint.FailingSince}."
            );
        }
    }

    /// <summary>Where nothing is refused, a success that everybody had time to know of saves the endpoint.</summary>
    private void CheckSuccesses(Endpoint endpoint, TimeSpan failingSet)
    {
        if (!IsSmooth)
        {
            return;
        }

        var known = ExchangesTo(endpoint.Key)
            .FirstOrDefault(each => IsKnownSuccess(each) && each.Began - failingSet > Grace);
        if (known is not null)
        {
            Journal.Violate($"{endpoint.Key} is disabled for failing, although {known} succeeded.");
        }
    }

    /// <summary>What was owed is told, or there is nobody to be told.</summary>
    private void CheckPaid(Endpoint before, Endpoint after)
    {
        if (
            before.BacklogAction.HasFlag(BacklogAction.Announce)
            && !after.BacklogAction.HasFlag(BacklogAction.Announce)
            && HasDesk(after.Key.TenantId, world.Scheduler.Elapsed)
            && !News.Of(world, after.Key.TenantId)
                .Any(each =>
                    each.Type == OperationalEventTypes.EndpointDisabled
                    && each.Endpoint == after.Key
                )
        )
        {
            Journal.Violate($"{after.Key} was disabled, and nobody was told.");
        }
    }

    private bool IsKnownSuccess(Exchange exchange) =>
        exchange.Outcome?.Reason == ReasonCode.Delivered
        && exchange is { IsCut: false, Host.HasEnded: false }
        && world.Scheduler.Elapsed - exchange.Ended > Grace;

    private IEnumerable<Exchange> ExchangesTo(EndpointKey endpoint) =>
        Journal.Exchanges.Where(each => each.Key.Endpoint == endpoint);

    /// <summary>An endpoint as it is committed.</summary>
    /// <param name="Endpoint">The endpoint.</param>
    /// <param name="Created">When it came to be.</param>
    /// <param name="FailingSet">When it was last called failing, or healthy.</param>
    private sealed record Standing(Endpoint Endpoint, TimeSpan Created, TimeSpan FailingSet);
}
