using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What people do about deliveries that are there: again, no more, to somewhere else.</summary>
internal sealed partial class Users
{
    private async Task RedeliverAsync()
    {
        if (SomePost() is not { } post)
        {
            return;
        }

        var eventId = post.Answers[0].Event;
        var result = await AskAsync(host =>
            host.Get<Redeliverer>()
                .RedeliverAsync(post.Tenant, eventId, null, CancellationToken.None)
        );
        if (result is Redelivery.Started started)
        {
            foreach (var endpoint in started.Endpoints)
            {
                TellRestarted(new DeliveryKey(post.Tenant, eventId, endpoint));
            }
        }
    }

    private async Task CancelAsync()
    {
        if (SomePost() is not { } post)
        {
            return;
        }

        var eventId = post.Answers[0].Event;
        var result = await AskAsync(host =>
            host.Get<DeliveryCanceller>()
                .CancelAsync(post.Tenant, eventId, null, CancellationToken.None)
        );
        if (result is Cancellation.Done done)
        {
            foreach (var endpoint in done.Endpoints)
            {
                Journal.AnsweredCancelled(new DeliveryKey(post.Tenant, eventId, endpoint));
            }
        }
    }

    /// <summary>Starts what an endpoint has failed or lost, one after another, as a backlog.</summary>
    private async Task RecoverAsync()
    {
        if (SomeEndpoint() is not { } endpoint)
        {
            return;
        }

        var interval = TimeSpan.FromMilliseconds(Random.Next(0, 800));
        await AskAsync(host => RecoverAsync(host, endpoint, interval));
    }

    private async ValueTask<int> RecoverAsync(Host host, EndpointKey endpoint, TimeSpan interval)
    {
        var statuses = new HashSet<DeliveryStatus>
        {
            DeliveryStatus.Failed,
            DeliveryStatus.DeadLetter,
            DeliveryStatus.Cancelled,
        };
        var view = await host.Get<TenantDirectory>()
            .FindAsync(endpoint.TenantId, CancellationToken.None);
        if (
            view is null
            || !view.TryFind(endpoint.EndpointId, out var opened)
            || opened.Endpoint.Disabled
        )
        {
            return 0;
        }

        var page = await host.Get<IEventStore>()
            .ListDeliveriesAsync(
                new DeliveryQuery
                {
                    TenantId = endpoint.TenantId,
                    EndpointId = endpoint.EndpointId,
                    Statuses = statuses,
                    Limit = 10,
                },
                CancellationToken.None
            );
        var now = host.Clock.GetUtcNow();
        for (var i = 0; i < page.Deliveries.Count; i++)
        {
            var due = await host.Get<IEventStore>()
                .RestartAsync(
                    new DeliveryRestart
                    {
                        Key = page.Deliveries[i].Key,
                        OnlyFrom = statuses,
                        Generation = page.Deliveries[i].Generation,
                        Source = EventSource.Recover,
                        DueAt = now + (i * interval),
                        Now = now,
                    },
                    CancellationToken.None
                );
            if (due is not null)
            {
                await host.Get<IDeliveryQueue>().EnqueueAsync([due], CancellationToken.None);
                TellRestarted(due.Key);
            }
        }

        return page.Deliveries.Count;
    }

    /// <summary>Sends an event to an endpoint that it did not go to.</summary>
    private async Task ReplayAsync()
    {
        // What is only for the platform's own events is never replayed to: Core asks EndpointRoute first.
        if (
            SomeEndpoint() is not { } endpoint
            || SomePost(endpoint.TenantId) is not { } post
            || Journal.Find(endpoint) is { Endpoint.Operational: true }
        )
        {
            return;
        }

        await AskAsync(host => ReplayAsync(host, post.Answers[0].Event, endpoint));
    }

    private static async ValueTask<bool> ReplayAsync(Host host, EventId eventId, EndpointKey to)
    {
        var now = host.Clock.GetUtcNow();
        var due = await host.Get<IEventStore>()
            .AddDeliveryAsync(
                new DeliveryKey(to.TenantId, eventId, to.EndpointId),
                EventSource.Replay,
                park: false,
                now,
                now,
                CancellationToken.None
            );
        if (due is not null)
        {
            await host.Get<IDeliveryQueue>().EnqueueAsync([due], CancellationToken.None);
        }

        return due is not null;
    }

    /// <summary>Only a start that is attempted, not one that is parked, was told to the journal.</summary>
    private void TellRestarted(DeliveryKey key)
    {
        if (Journal.Restarts.Keys.Any(each => each.Key == key))
        {
            Journal.AnsweredRestarted(key);
        }
    }

    private Post? SomePost(TenantId? of = null)
    {
        var answered = Journal
            .Posts.Where(each => each.Answers.Count > 0 && (of ?? each.Tenant) == each.Tenant)
            .ToList();
        return answered.Count == 0 ? null : Some(answered);
    }
}
