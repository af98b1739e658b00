using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

/// <summary>A live delivery does not wait for an endpoint's backlog, however long that is.</summary>
public sealed class LiveFirstTests
{
    private const int Backlog = 5000;

    [Fact]
    public async Task Run_LiveBehindFiveThousandOfABacklog_IsAmongTheFirst()
    {
        await using var core = new CoreOnSqlite(new DeliveryOptions { MaxInFlightPerEndpoint = 1 });
        var endpoint = await core.AddTenantAsync();
        await AddBacklogAsync(core, endpoint.Key);
        var gate = new TaskCompletionSource();
        core.Sender.Script = async (_, cancellation) =>
        {
            await gate.Task.WaitAsync(cancellation);
            return ScriptedSender.Answer(200);
        };
        var dispatcher = core.Get<Dispatcher>();
        var empty = dispatcher.Room;

        await using var running = new Running(core);
        // The window is full, so that the rest is in the database alone.
        await HoldsAsync(() => dispatcher.Room == empty - 1024);
        var live = await core.PostAsync();
        await HoldsAsync(() => dispatcher.Room == empty - 1025);
        gate.SetResult();

        await HoldsAsync(() => PlaceOf(core, live) >= 0);
        Assert.InRange(PlaceOf(core, live), 0, 3);
        await HoldsAsync(() => core.Sender.Requests.Count == Backlog + 1);
    }

    private static Task HoldsAsync(Func<bool> condition) =>
        Until.HoldsAsync(
            () => new(condition()),
            TimeSpan.FromSeconds(60),
            () => "the backlog or the live delivery did not come so far"
        );

    private static int PlaceOf(CoreOnSqlite core, EventId id) =>
        core
            .Sender.Requests.ToList()
            .FindIndex(request =>
                request.Headers.Any(header =>
                    header.Key == "webhook-id" && header.Value == id.ToString()
                )
            );

    /// <summary>Events that went nowhere, replayed to the endpoint.</summary>
    private static async Task AddBacklogAsync(CoreOnSqlite core, EndpointKey endpoint)
    {
        var now = core.Time.GetUtcNow();
        var due = new List<DueDelivery>();
        foreach (var chunk in Enumerable.Range(0, Backlog).Chunk(1000))
        {
            var added = await Task.WhenAll(
                chunk.Select(async _ =>
                {
                    var @event = new Event
                    {
                        TenantId = endpoint.TenantId,
                        Id = new EventId(core.Get<IIdSource>().NewId(now)),
                        CreatedAt = now,
                        Payload = "{}"u8.ToArray(),
                        RoutingRevision = 1,
                    };
                    await core.Store.AppendAsync(
                        new EventAppend(@event, [], null),
                        CoreOnSqlite.Cancellation
                    );
                    return await core.Store.AddDeliveryAsync(
                        new DeliveryKey(endpoint.TenantId, @event.Id, endpoint.EndpointId),
                        EventSource.Replay,
                        park: false,
                        now,
                        now,
                        CoreOnSqlite.Cancellation
                    );
                })
            );
            due.AddRange(added.Select(each => each!));
        }

        await core.Queue.EnqueueAsync(due, CoreOnSqlite.Cancellation);
    }
}
