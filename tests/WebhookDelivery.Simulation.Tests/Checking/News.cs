using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>An operational event as its payload tells it.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Endpoint">What it is about.</param>
/// <param name="Occasion">What no other event of that type about that endpoint tells of.</param>
internal sealed record News(string Type, EndpointKey Endpoint, string Occasion)
{
    /// <summary>Every one that a tenant has, newest first.</summary>
    public static IEnumerable<News> Of(World world, TenantId tenant) =>
        world
            .Events.NewestFirst(tenant)
            .Where(each => each.Event.Source == EventSource.Operational)
            .Select(each => Read(each.Event));

    /// <summary>The occasion of a dead letter.</summary>
    public static string OccasionOf(DeliveryKey key, int generation) =>
        $"{key.EventId} {generation}";

    private static News Read(Event @event)
    {
        using var document = JsonDocument.Parse(@event.Payload);
        var root = document.RootElement;
        var data = root.GetProperty("data");
        var type = root.GetProperty("type").GetString()!;
        return new News(
            type,
            new EndpointKey(
                @event.TenantId,
                EndpointId.TryParse(data.GetProperty("endpoint_id").GetString(), out var id)
                    ? id
                    : throw new InvalidOperationException("News of no endpoint.")
            ),
            type switch
            {
                OperationalEventTypes.EndpointDisabled => root.GetProperty("created_at").ToString(),
                OperationalEventTypes.DeliveryDeadLettered =>
                    $"{data.GetProperty("event_id")} {data.GetProperty("generation")}",
                _ => data.GetProperty("failing_since").ToString(),
            }
        );
    }
}
