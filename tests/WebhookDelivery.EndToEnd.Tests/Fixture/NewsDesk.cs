using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What a tenant was told at an operational endpoint of its own.</summary>
/// <param name="Endpoint">That endpoint.</param>
/// <param name="Receiver">Where it is told.</param>
public sealed record NewsDesk(EndpointRef Endpoint, WireReceiver Receiver)
{
    /// <summary>The first request of every event so far: a receiver may see one twice.</summary>
    public IReadOnlyList<WireRequest> Requests =>
        [.. Receiver.Requests.DistinctBy(each => each["webhook-id"])];

    /// <summary>Every event so far, as they came.</summary>
    public IReadOnlyList<JsonElement> News =>
        [.. Requests.Select(each => JsonDocument.Parse(each.Body).RootElement)];

    /// <summary>The types of every event so far, in any order.</summary>
    public IReadOnlyList<string> Types =>
        [.. News.Select(each => each.GetProperty("type").GetString()!).Order()];

    /// <summary>Has a tenant told of its endpoints and deliveries.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="receiver">Where.</param>
    /// <param name="types">The types that it is told of, as a JSON list.</param>
    public static async Task<NewsDesk> OpenAsync(
        TenantUser tenant,
        WireReceiver receiver,
        string types = "[]"
    ) =>
        new(
            await tenant.AddEndpointAsync(
                receiver.Url,
                $$""" "operational":true,"event_types":{{types}} """
            ),
            receiver
        );

    /// <summary>Waits until so many events have come, and returns the data of the last one.</summary>
    public async Task<JsonElement> WaitForAsync(int count, string lastType)
    {
        await Eventually.IsAsync(count, () => Requests.Count);
        var last = News[^1];
        Assert.Equal(lastType, last.GetProperty("type").GetString());
        Assert.Equal(lastType, Requests[^1]["webhook-event-type"]);
        return last.GetProperty("data");
    }
}
