using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>What tenants must have been told in the end, and where.</summary>
internal sealed class NewsVerdict(World world)
{
    private Journal Journal => world.Journal;

    public void Check()
    {
        foreach (var record in world.Events.All)
        {
            CheckRoute(record);
        }

        foreach (var tenant in world.Tenants.Tenants)
        {
            var news = News.Of(world, tenant.Id).ToList();
            CheckSubjects(news);
            CheckDeadLetters(tenant.Id, news);
        }
    }

    /// <summary>The platform's own events go to operational endpoints, and to those goes nothing else.</summary>
    private void CheckRoute(StoredRecord record)
    {
        var operational = record.Event.Source == EventSource.Operational;
        foreach (var delivery in record.Deliveries)
        {
            if (
                world.Tenants.Find(delivery.Key.Endpoint) is { } endpoint
                && endpoint.Operational != operational
            )
            {
                Journal.Violate($"{record.Event.Id} is not for {delivery.Key.EndpointId}.");
            }
        }
    }

    private void CheckSubjects(List<News> news)
    {
        foreach (var again in news.GroupBy(each => each).Where(each => each.Count() > 1))
        {
            Journal.Violate($"It was told {again.Count()} times: {again.Key}.");
        }

        foreach (
            var own in news.Where(each =>
                world.Tenants.Find(each.Endpoint) is { Operational: true }
            )
        )
        {
            Journal.Violate($"News of what carries the news: {own}.");
        }
    }

    /// <summary>Where nothing goes wrong but at the receivers, each dead letter is told.</summary>
    private void CheckDeadLetters(TenantId tenant, List<News> news)
    {
        var scenario = world.Scenario;
        if (
            scenario.FaultChance > 0
            || scenario.Outages + scenario.Kills + scenario.Stops + scenario.ClockJumps > 0
        )
        {
            return;
        }

        var told = news.Where(each => each.Type == OperationalEventTypes.DeliveryDeadLettered)
            .Select(each => each.Occasion)
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var delivery in world.Events.NewestFirst(tenant).SelectMany(each => each.Deliveries)
        )
        {
            if (
                delivery.Value.Status == DeliveryStatus.DeadLetter
                && world.Tenants.Find(delivery.Key.Endpoint) is { Operational: false }
                && Journal.ExchangesOf(delivery.Key) is { Count: > 0 } exchanges
                && world.Health.HasDesk(tenant, exchanges[^1].Began)
                && !told.Contains(News.OccasionOf(delivery.Key, delivery.Value.Generation))
            )
            {
                Journal.Violate($"Nobody was told that {delivery.Key.EventId} is a dead letter.");
            }
        }
    }
}
