using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A tenant that hangs holds up itself and nobody else.</summary>
public abstract class FairnessTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const int Queued = 500;
    private const int Healthy = 100;

    [Theory]
    [InlineData(""" "max_in_flight":6 """, 6)]
    [InlineData("", 32)]
    public async Task A_hung_endpoint_holds_its_own_slots_and_others_are_delivered_at_once(
        string limits,
        int cap
    )
    {
        var hung = Own(new HungReceiver());
        var receiver = AddReceiver();
        var slow = await AddTenantAsync("slow");
        var acme = await AddTenantAsync();
        await slow.AddEndpointAsync(hung.Url, limits);
        await acme.AddEndpointAsync(receiver.Url);
        await PostAsync(slow, Queued);
        await Eventually.IsAsync(cap, () => hung.Held);

        // The clock stands still: nothing of the hung tenant's can time out to make room.
        await PostAsync(acme, Healthy);
        await Eventually.IsAsync(Healthy, () => acme.CountEventsAsync("&status=DELIVERED"));

        Assert.Equal(Healthy, receiver.Requests.Count);
        Assert.Equal((cap, cap), (hung.Held, hung.HeldMost));
        Assert.Equal(100, await slow.CountEventsAsync("&status=PENDING"));
    }

    [Fact]
    public async Task A_tenant_with_many_hung_endpoints_leaves_room_for_others()
    {
        var hung = Own(new HungReceiver());
        var receiver = AddReceiver();
        await RestartAsync(
            Setup with
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Delivery:MaxInFlight"] = "20",
                    ["Delivery:MaxInFlightPerTenant"] = "12",
                },
            }
        );
        var slow = await AddTenantAsync("slow");
        var acme = await AddTenantAsync();
        for (var i = 0; i < 10; i++)
        {
            await slow.AddEndpointAsync(hung.Url, """ "max_in_flight":4 """);
        }

        await acme.AddEndpointAsync(receiver.Url);
        await PostAsync(slow, 20);
        await Eventually.IsAsync(12, () => hung.Held);

        await PostAsync(acme, Healthy);
        await Eventually.IsAsync(Healthy, () => acme.CountEventsAsync("&status=DELIVERED"));

        Assert.Equal(12, hung.HeldMost);
    }

    [Fact]
    public async Task A_hung_endpoint_s_backlog_is_delivered_once_it_answers_again()
    {
        var hung = Own(new HungReceiver());
        var slow = await AddTenantAsync("slow");
        await slow.AddEndpointAsync(hung.Url, """ "max_in_flight":4 """);
        var ids = await PostAsync(slow, 50);
        await Eventually.IsAsync(4, () => hung.Held);

        hung.Release();
        await Eventually.IsAsync(ids.Count, () => slow.CountEventsAsync("&status=DELIVERED"));

        Assert.Equal(ids.Order(), hung.EventIds.Order());
        Assert.Equal(4, hung.HeldMost);
    }

    private static async Task<IReadOnlyList<string>> PostAsync(TenantUser tenant, int count)
    {
        var ids = new List<string>();
        foreach (var chunk in Enumerable.Range(0, count).Chunk(25))
        {
            ids.AddRange(await Task.WhenAll(chunk.Select(_ => tenant.PostEventAsync())));
        }

        return ids;
    }

    /// <summary>Takes requests and does not answer them until released.</summary>
    private sealed class HungReceiver : IAsyncDisposable
    {
        private readonly TaskCompletionSource _released = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private readonly WireReceiver _wire = WireReceiver.Start();
        private readonly Lock _lock = new();

        public HungReceiver() => _wire.Answer = AnswerAsync;

        public Uri Url => _wire.Url;

        public int Held { get; private set; }

        public int HeldMost { get; private set; }

        public IEnumerable<string> EventIds =>
            _wire.Requests.Select(request => request["webhook-id"]!);

        public void Release() => _released.TrySetResult();

        public ValueTask DisposeAsync() => _wire.DisposeAsync();

        private async Task<string> AnswerAsync(WireRequest request)
        {
            Count(1);
            await _released.Task;
            Count(-1);
            return WireReceiver.Ok;
        }

        private void Count(int by)
        {
            lock (_lock)
            {
                Held += by;
                HeldMost = Math.Max(Held, HeldMost);
            }
        }
    }
}
