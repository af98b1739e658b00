using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What must hold once faults have ended and the time that everything needs has passed.</summary>
internal sealed class Verdict(World world)
{
    /// <summary>
    /// By when an attempt begins after it falls due, whatever the neighbours do, where there is room:
    /// its endpoint's other deliveries may go first. A sweep comes but once a minute.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private Journal Journal => world.Journal;

    /// <summary>Whether nothing is on its way any more.</summary>
    public bool IsQuiet() =>
        world.Events.All.SelectMany(each => each.Deliveries).All(each => !each.IsOpen)
        && world.Tenants.Endpoints.All(each => each.BacklogAction == BacklogAction.None)
        && world.Tenants.Tenants.All(each => each.DeletedAt is null)
        && world.Hosts.All(each => each.IsAtRest);

    public void Check()
    {
        foreach (var record in world.Events.All)
        {
            CheckTenant(record);
            foreach (var delivery in record.Deliveries)
            {
                CheckEnd(delivery);
            }
        }

        foreach (var post in Journal.Posts)
        {
            CheckPost(post);
        }

        foreach (var exchange in Journal.Exchanges)
        {
            CheckRecorded(exchange);
        }

        CheckPromptness();
        CheckUnsettled();
        foreach (var host in world.Hosts)
        {
            host.CheckRest();
        }
    }

    private void CheckUnsettled()
    {
        foreach (var endpoint in world.Tenants.Endpoints)
        {
            if (endpoint.BacklogAction != BacklogAction.None)
            {
                Journal.Violate($"{endpoint.Key} still owes its backlog {endpoint.BacklogAction}.");
            }
        }

        foreach (var tenant in world.Tenants.Tenants.Where(each => each.DeletedAt is not null))
        {
            Journal.Violate($"{tenant.Id} is deleted, and still there.");
        }
    }

    private void CheckTenant(StoredRecord record)
    {
        // A clock that was set forwards lets the id go before what was under way has ended.
        if (
            world.Tenants.Find(record.Event.TenantId) is null
            && world.Wall.SetForwards == TimeSpan.Zero
        )
        {
            Journal.Violate($"{record.Event.Id} outlives its tenant {record.Event.TenantId}.");
        }
    }

    private void CheckEnd(StoredDelivery delivery)
    {
        var value = delivery.Value;
        var endpoint = world.Tenants.Find(delivery.Key.Endpoint);
        if (endpoint is null)
        {
            return;
        }

        var attempts = delivery.Record.Attempts.Where(each =>
            each.Key == delivery.Key && each.Generation == value.Generation
        );
        var rightly = value.Status switch
        {
            DeliveryStatus.Delivered => attempts.Any(each =>
                each.Outcome.Reason == ReasonCode.Delivered
            ) && Journal.ExchangesOf(delivery.Key).Any(each => each.Outcome?.StatusCode == 204),
            DeliveryStatus.DeadLetter => value.LastReason
                is ReasonCode.EndpointGone
                    or ReasonCode.Aborted
                || value.GenerationAttempts >= world.ScheduleOf(delivery.Key.Endpoint).Attempts,
            DeliveryStatus.Parked => endpoint is { Disabled: true, DeletedAt: null },
            DeliveryStatus.Cancelled => endpoint.DeletedAt is not null
                || value.LastReason == ReasonCode.Cancelled,
            _ => false,
        };
        if (!rightly)
        {
            Journal.Violate(
                $"{delivery.Key.EventId} to {delivery.Key.EndpointId} ends as {value.Status} ({value.LastReason}), generation {value.Generation}, {value.GenerationAttempts} attempts, due {value.NextAttemptAt}; the endpoint is disabled {endpoint.Disabled}, deleted {endpoint.DeletedAt}."
            );
        }
    }

    private void CheckPost(Post post)
    {
        var isGone = world.WasDeleted(post.Tenant);
        foreach (var (eventId, endpoints) in post.Answers)
        {
            var stored = world.Events.Find(post.Tenant, eventId);
            if (stored is null && !isGone)
            {
                Journal.Violate($"Post {post.Number} was accepted as {eventId}, which is lost.");
            }
            else if (
                stored is not null
                && !stored
                    .Deliveries.Where(each => !Journal.Restarts.ContainsKey((each.Key, 1)))
                    .Select(each => each.Key.EndpointId)
                    .ToHashSet()
                    .SetEquals(endpoints)
            )
            {
                Journal.Violate($"{eventId} goes elsewhere than post {post.Number} was told.");
            }
        }

        if (
            post.Key is not null
            && !isGone
            && post.Answers.DistinctBy(each => each.Event).Count() > 1
        )
        {
            Journal.Violate($"The key of post {post.Number} stands for several events.");
        }

        var events = world
            .Events.NewestFirst(post.Tenant)
            .Count(each => each.Event.Payload.Span.SequenceEqual(post.Body));
        if (events > (post.Key is null ? post.Tries : 1) && !isGone)
        {
            Journal.Violate($"Post {post.Number}, tried {post.Tries} times, is {events} events.");
        }
    }

    private void CheckRecorded(Exchange exchange)
    {
        // One whose process died may have had no time to tell.
        if (
            exchange.Outcome is null
            || exchange.IsCut
            || exchange.Host.HasEnded
            || world.Events.Find(exchange.Key) is not { } delivery
        )
        {
            return;
        }

        if (
            !delivery.Record.Attempts.Exists(each =>
                each.Key == exchange.Key
                && each.Number == exchange.Number
                && each.StartedAt == exchange.StartedAt
            )
        )
        {
            Journal.Violate($"{exchange} was never recorded.");
        }

        if (
            RetryPolicy.FindReasonToDisable(exchange.Outcome) is { } why
            && !Journal.WasSwitchedOff(exchange.Key.Endpoint)
        )
        {
            Journal.Violate($"{exchange} was to disable its endpoint ({why}), which never was.");
        }
    }

    /// <summary>In a calm run, the one tenant waits for nobody.</summary>
    private void CheckPromptness()
    {
        foreach (var exchanges in Journal.Exchanges.Where(IsHealthy).GroupBy(each => each.Key))
        {
            foreach (var exchange in exchanges)
            {
                var due = DueOf(exchange, exchanges);
                if (exchange.Began - due > s_patience)
                {
                    Journal.Violate($"{exchange} begins although it was due at {due}.");
                }
            }
        }
    }

    private TimeSpan? DueOf(Exchange exchange, IEnumerable<Exchange> all)
    {
        if (exchange.Number == 1)
        {
            return Journal.Restarts.TryGetValue(
                (exchange.Key, exchange.Generation!.Value),
                out var started
            )
                ? started
                : Journal
                    .Posts.First(each =>
                        each.Answers.Exists(one => one.Event == exchange.Key.EventId)
                    )
                    .AnsweredAt;
        }

        var before = all.First(each =>
            each.Generation == exchange.Generation && each.Number == exchange.Number - 1
        );
        return before.Ended
            + (
                world.ScheduleOf(exchange.Key.Endpoint).Waits[before.Number - 1]
                * (1 + RetryPolicy.JitterRatio)
            );
    }

    private bool IsHealthy(Exchange exchange) => world.IsSpared(exchange.Key.TenantId);
}
