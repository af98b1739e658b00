using WebhookDelivery.Contracts;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>A tenant that grew from one event shard to four, with events from before and after.</summary>
public sealed class EventShardsGrownTests : EventStoreRig
{
    private static readonly TimeSpan s_known = TimeSpan.FromSeconds(61);
    private readonly List<DeliveryKey> _keys = [];

    [Fact]
    public async Task Append_AfterTheGrowth_SpreadsOverThePartitions()
    {
        var tenant = await GrownAsync();
        var partitions = (await ScanAsync()).Select(ItemKeys.Partition).ToHashSet();
        Assert.Contains(tenant.Value, partitions);
        Assert.InRange(partitions.Count, 3, 5);
    }

    [Fact]
    public async Task Reads_AcrossTheGrowth_FindEachEvent()
    {
        await GrownAsync();
        foreach (var key in _keys)
        {
            Assert.True(await FailAsync(key, Now.AddMinutes(1)));
            Assert.Equal(DeliveryStatus.Failed, (await DeliveryAsync(key)).Status);
            Assert.NotNull(await Events.FindPayloadAsync(key.TenantId, key.EventId, None));
            Assert.Single(await Events.ListAttemptsAsync(key.TenantId, key.EventId, None));
        }
    }

    [Fact]
    public async Task List_AcrossTheGrowth_IsNewestFirstAndComplete()
    {
        var tenant = await GrownAsync();
        var query = new EventQuery { TenantId = tenant, Limit = 7 };

        Assert.Equal(Newest(_keys), await ListAsync(query));

        await KillAllAsync();
        Assert.Equal(Newest(_keys), await ListAsync(query));
        Assert.Equal(
            Newest(_keys),
            await ListAsync(query with { Status = DeliveryStatus.DeadLetter })
        );
    }

    [Fact]
    public async Task ListDeadLetters_AcrossTheGrowth_IsNewestFirstAndComplete()
    {
        var tenant = await GrownAsync();
        await KillAllAsync();
        var listed = new List<DeliveryKey>();
        var query = new DeadLetterQuery { TenantId = tenant, Limit = 7 };
        do
        {
            var page = await Events.ListDeadLettersAsync(query, None);
            listed.AddRange(page.Deliveries.Select(delivery => delivery.Key));
            query = query with { After = page.Next };
        } while (query.After is not null);

        Assert.Equal(_keys.OrderByDescending(key => key.EventId), listed);
    }

    [Fact]
    public async Task Restart_AcrossTheGrowth_RestartsEach()
    {
        await GrownAsync();
        await KillAllAsync();
        foreach (var key in _keys)
        {
            var due = await Events.RestartAsync(key, null, 1, false, Now, None);
            Assert.Equal((key, 2), (due!.Key, due.Generation));
        }
    }

    [Fact]
    public async Task ResumeAndCancel_AcrossTheGrowth_MoveEach()
    {
        var tenant = await GrownAsync();
        var endpoint = new EndpointKey(tenant, _keys[0].EndpointId);
        foreach (var key in _keys.Where((_, i) => i % 2 == 0))
        {
            Assert.True(await ParkAsync(key));
        }

        Assert.Equal(
            _keys.Where((_, i) => i % 2 == 0).ToHashSet(),
            (await Events.ResumeAsync(endpoint, 100, DuePace.AtOnce(Now), None))
                .Select(due => due.Key)
                .ToHashSet()
        );
        Assert.True(await ParkAsync(_keys[0]));
        Assert.True(await FailAsync(_keys[1], Now.AddMinutes(1)));
        Assert.Equal(
            _keys.Count,
            await Events.CancelAsync(endpoint, 100, ReasonCode.Cancelled, Now, None)
        );
    }

    [Fact]
    public async Task Erase_AcrossTheGrowth_LeavesNothing()
    {
        var tenant = await GrownAsync();
        await KillAllAsync();
        var erased = 0;
        while (await Events.EraseAsync(tenant, 9, None) is > 0 and var count)
        {
            erased += count;
        }

        Assert.Equal(_keys.Count, erased);
        Assert.Empty(await ScanAsync());
    }

    private async Task<TenantId> GrownAsync()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpointId();
        await AppendAsync(tenant, endpoint, 8);
        Assert.NotNull(await Shards.GrowAsync(tenant, 4, None));
        await AppendAsync(tenant, endpoint, 4);
        Time.Advance(s_known);
        await AppendAsync(tenant, endpoint, 16);
        return tenant;
    }

    private async Task AppendAsync(TenantId tenant, EndpointId endpoint, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var @event = await AppendAsync(tenant, endpoint);
            _keys.Add(new DeliveryKey(tenant, @event.Id, endpoint));
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private async Task KillAllAsync()
    {
        foreach (var key in _keys)
        {
            Assert.True(await KillAsync(key));
        }
    }

    private static List<EventId> Newest(IEnumerable<DeliveryKey> keys) =>
        [.. keys.Select(key => key.EventId).OrderDescending()];

    private async Task<List<EventId>> ListAsync(EventQuery query)
    {
        var listed = new List<EventId>();
        while (true)
        {
            var page = await Events.ListAsync(query, None);
            listed.AddRange(page.Events.Select(stored => stored.Event.Id));
            if (page.Next is null)
            {
                return listed;
            }

            query = query with { Before = page.Next };
        }
    }
}
