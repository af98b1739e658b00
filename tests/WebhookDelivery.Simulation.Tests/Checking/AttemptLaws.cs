using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What must hold whenever an attempt begins.</summary>
internal sealed class AttemptLaws(World world)
{
    private static readonly TimeSpan s_rateWindow = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(Host, EndpointKey), List<TimeSpan>> _begun = [];

    private Journal Journal => world.Journal;

    public void Check(Exchange exchange)
    {
        CheckCaps(exchange);
        CheckRate(exchange);
        CheckEndpoint(exchange);
        if (exchange.Generation is { } generation)
        {
            CheckRepetition(exchange, generation);
            CheckWait(exchange, generation);
            CheckStale(exchange, generation);
        }
    }

    /// <summary>
    /// What was cancelled or started anew is not attempted as it was, once that has been answered: an
    /// attempt that had begun to read its payload may still go. A queue that others share is not told, and
    /// a first attempt from it is not looked up.
    /// </summary>
    private void CheckStale(Exchange exchange, int generation)
    {
        var grace = (3 * world.Faults.LongestCall) + TimeSpan.FromSeconds(1);
        if (
            Journal.OverSince(exchange.Key, generation) is { } since
            && exchange.Began - since > grace
            && !(world.Scenario.IsLeased && exchange is { Number: 1, Generation: 1 })
        )
        {
            Journal.Violate($"{exchange} begins although that was over at {since}.");
        }
    }

    private void CheckCaps(Exchange exchange)
    {
        var options = world.Scenario.Options.Delivery;
        var flying = exchange.Host.InFlight;
        var ofTenant = flying.Count(each => each.Key.TenantId == exchange.Key.TenantId);
        var ofEndpoint = flying.Count(each => each.Key.Endpoint == exchange.Key.Endpoint);
        if (flying.Count >= options.MaxInFlight)
        {
            Journal.Violate($"{exchange} is one more than the process may have under way.");
        }

        if (ofTenant >= options.MaxInFlightPerTenant)
        {
            Journal.Violate($"{exchange} is one more than its tenant may have under way.");
        }

        if (ofEndpoint >= Journal.MostInFlight(exchange.Key.Endpoint, options))
        {
            Journal.Violate($"{exchange} is one more than its endpoint may have under way.");
        }
    }

    /// <summary>
    /// Attempts may bunch up by as much as the payload's read takes. A batch has a dispatcher of its
    /// own each time, and clocks that are set move every rate.
    /// </summary>
    private void CheckRate(Exchange exchange)
    {
        if (
            Journal.HighestRate(exchange.Key.Endpoint) is not { } rate
            || world.Scenario.Engine == EngineKind.Batch
            || world.Scenario.ClockJumps > 0
        )
        {
            return;
        }

        var place = (exchange.Host, exchange.Key.Endpoint);
        if (!_begun.TryGetValue(place, out var begun))
        {
            begun = [];
            _begun.Add(place, begun);
        }

        begun.Add(exchange.Began);
        begun.RemoveAll(each => each <= exchange.Began - s_rateWindow);
        var window = s_rateWindow + (2 * world.Faults.LongestCall);
        if (begun.Count > (rate * window.TotalSeconds) + Math.Max(1, rate) + 1)
        {
            Journal.Violate($"{exchange} is number {begun.Count} in {s_rateWindow} at {rate}/s.");
        }
    }

    /// <summary>
    /// What was decided before a change may still go, but a process must learn of the change in time,
    /// however the change was answered.
    /// </summary>
    private void CheckEndpoint(Exchange exchange)
    {
        var cached = world.Scenario.Options.Directory.CacheFor;
        var grace =
            (cached > TimeSpan.Zero ? cached : TimeSpan.Zero)
            + (3 * world.Faults.LongestCall)
            + world.Wall.SetBack
            + TimeSpan.FromSeconds(5);
        if (Journal.Find(exchange.Key.Endpoint) is not var (endpoint, since))
        {
            Journal.Violate($"The endpoint of {exchange} never was.");
        }
        else if (
            (endpoint.Disabled || endpoint.DeletedAt is not null)
            && exchange.Began - since > grace
        )
        {
            Journal.Violate($"{exchange} goes to an endpoint that was switched off at {since}.");
        }
    }

    private void CheckRepetition(Exchange exchange, int generation)
    {
        var schedule = world.ScheduleOf(exchange.Key.Endpoint);
        if (exchange.Number > schedule.Attempts)
        {
            Journal.Violate($"{exchange} is more than the schedule has.");
        }

        // A queue with leases may give a delivery twice.
        if (Journal.WasHandedOutAgain(exchange.Key, generation) && world.Scenario.IsLeased)
        {
            return;
        }

        var recorded =
            world
                .Events.Find(exchange.Key.TenantId, exchange.Key.EventId)
                ?.Attempts.Where(each => each.Key == exchange.Key && each.Generation == generation)
                .ToList()
            ?? [];
        if (recorded.Exists(each => each.Outcome.Reason == ReasonCode.Delivered))
        {
            Journal.Violate($"{exchange} begins after a delivery was recorded.");
        }

        if (recorded.Exists(each => each.Outcome.Reason == ReasonCode.Aborted))
        {
            Journal.Violate($"{exchange} begins although its receiver wanted no more.");
        }

        if (recorded.Exists(each => each.Number == exchange.Number))
        {
            Journal.Violate($"{exchange} begins after it was recorded.");
        }

        if (
            Journal
                .ExchangesOf(exchange.Key)
                .Any(each =>
                    each.Generation == generation
                    && each.Number == exchange.Number
                    && each.Host == exchange.Host
                    && !each.IsCut
                )
        )
        {
            Journal.Violate($"{exchange} repeats one of the same process.");
        }
    }

    /// <summary>
    /// Not before nine tenths of the wait since the attempt before, nor before Retry-After. Where a
    /// queue gave that one twice, any of them may be the one that decided.
    /// </summary>
    private void CheckWait(Exchange exchange, int generation)
    {
        var before = Journal
            .ExchangesOf(exchange.Key)
            .Where(each =>
                (each.Generation ?? generation) == generation
                && each.Number == exchange.Number - 1
                && each.Outcome is not null
            )
            .ToList();
        if (before.Count > 0 && before.TrueForAll(each => IsTooSoon(exchange, each)))
        {
            Journal.Violate(
                $"{exchange} begins {exchange.Began - before[^1].Ended} after {before[^1]} ended in {before[^1].Outcome!.Reason}, which is too soon."
            );
        }
    }

    private bool IsTooSoon(Exchange exchange, Exchange before)
    {
        var schedule = world.ScheduleOf(exchange.Key.Endpoint);
        var wait = schedule.Waits[before.Number - 1] * (1 - RetryPolicy.JitterRatio);
        var asked = before.Outcome!.RetryAfter ?? TimeSpan.Zero;
        wait = asked > wait ? asked : wait;
        var slack =
            world.Wall.SetForwards + (2 * world.Scenario.SkewMax) + TimeSpan.FromMilliseconds(2);
        return exchange.Began - before.Ended < wait - slack;
    }
}
