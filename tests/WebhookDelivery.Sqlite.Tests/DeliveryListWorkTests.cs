using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>What a page of an endpoint's deliveries costs, and that a few are found among many.</summary>
public sealed class DeliveryListWorkTests : IAsyncDisposable
{
    private readonly EngineHarness _harness = new();

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Theory]
    [InlineData(DeliveryStatus.Pending)]
    [InlineData(DeliveryStatus.Failed)]
    [InlineData(DeliveryStatus.Parked)]
    [InlineData(DeliveryStatus.DeadLetter)]
    [InlineData(DeliveryStatus.Cancelled)]
    public async Task ListDeliveries_ThreeAmongManyDelivered_AreInTheFirstPage(
        DeliveryStatus status
    )
    {
        var endpoint = _harness.NewEndpointId();
        var dues = await AppendAsync(endpoint, 3 * EventLists.ExaminedMax);
        var odd = dues.Where((_, i) => i % EventLists.ExaminedMax == 1000).ToList();
        await Task.WhenAll(dues.Except(odd).Select(due => _harness.DeliverAsync(due).AsTask()));
        foreach (var due in odd)
        {
            await MoveAsync(due, status);
        }

        var page = await ListAsync(endpoint, status);

        Assert.Equal(
            odd.Select(due => due.Key).OrderBy(key => key.EventId),
            page.Deliveries.Select(each => each.Key)
        );
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task ListDeliveries_OfAnEndpointWithFew_LooksAtSoManyEventsAndNoMore()
    {
        var busy = _harness.NewEndpointId();
        await AppendAsync(busy, EventLists.ExaminedMax + 10);
        _harness.Time.Advance(TimeSpan.FromMilliseconds(1));
        var quiet = _harness.NewEndpointId();
        var last = await _harness.AppendAsync(quiet);
        var query = new DeliveryQuery
        {
            TenantId = _harness.Tenant,
            EndpointId = quiet,
            Limit = 10,
        };

        var first = await _harness.Events.ListDeliveriesAsync(query, None);
        Assert.Empty(first.Deliveries);
        Assert.NotNull(first.Next);
        var second = await _harness.Events.ListDeliveriesAsync(
            query with
            {
                After = first.Next,
            },
            None
        );
        Assert.Equal(last.Key, Assert.Single(second.Deliveries).Key);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task ListDeliveries_OfAnIndexWhereNothingPasses_LooksAtSoManyAndNoMore()
    {
        var endpoint = _harness.NewEndpointId();
        await AppendAsync(endpoint, EventLists.ExaminedMax + 10);
        var query = new DeliveryQuery
        {
            TenantId = _harness.Tenant,
            EndpointId = endpoint,
            Statuses = new HashSet<DeliveryStatus> { DeliveryStatus.Pending },
            Reasons = new HashSet<ReasonCode> { ReasonCode.Poison },
            Limit = 10,
        };
        var first = await _harness.Events.ListDeliveriesAsync(query, None);
        Assert.Empty(first.Deliveries);
        Assert.NotNull(first.Next);
        var second = await _harness.Events.ListDeliveriesAsync(
            query with
            {
                After = first.Next,
            },
            None
        );
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task ListDeliveries_PendingAmongMoreThanAreSorted_AreFoundByTheWalk()
    {
        var endpoint = _harness.NewEndpointId();
        var dues = await AppendAsync(endpoint, DeliveryLists.OpenMax + 1);
        var page = await ListAsync(endpoint, DeliveryStatus.Pending);
        Assert.Equal(
            dues.Select(due => due.Key).OrderBy(key => key.EventId).Take(100),
            page.Deliveries.Select(each => each.Key)
        );
        Assert.NotNull(page.Next);
    }

    [Fact]
    public async Task Receive_AfterARestartWithABacklogThatIsOlder_BringsTheLiveOneAmongTheFirst()
    {
        var endpoint = _harness.NewEndpointId();
        foreach (var due in await AppendAsync(endpoint, 2000))
        {
            var parked = await _harness.Events.SetAsideAsync(
                due.Key,
                new DeliveryFence(1, 0),
                DeliveryStatus.Parked,
                ReasonCode.EndpointDisabled,
                _harness.Now,
                None
            );
            Assert.True(parked);
        }

        var key = new EndpointKey(_harness.Tenant, endpoint);
        while (
            await _harness.Events.ResumeAsync(key, 1000, DuePace.AtOnce(_harness.Now), None)
                is { Count: > 0 }
        ) { }

        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        var live = await _harness.AppendAsync(endpoint);
        await _harness.CloseAsync();
        _harness.Open();

        var claims = new List<ClaimedDelivery>();
        while (claims.Count < 1000)
        {
            claims.AddRange(await _harness.ReceiveAsync(10));
            if (claims.Exists(each => each.Due.Key == live.Key))
            {
                break;
            }
        }

        // One read for each lane comes first.
        Assert.InRange(claims.FindIndex(each => each.Due.Key == live.Key), 0, 30);
    }

    private ValueTask<DeliveryPage> ListAsync(EndpointId endpoint, DeliveryStatus status) =>
        _harness.Events.ListDeliveriesAsync(
            new DeliveryQuery
            {
                TenantId = _harness.Tenant,
                EndpointId = endpoint,
                Statuses = new HashSet<DeliveryStatus> { status },
                Limit = 100,
            },
            None
        );

    private Task<DueDelivery[]> AppendAsync(EndpointId endpoint, int count) =>
        _harness.AppendManyAsync(endpoint, count);

    private async Task MoveAsync(DueDelivery due, DeliveryStatus to)
    {
        var now = _harness.Now;
        if (to == DeliveryStatus.Failed)
        {
            Assert.True(await _harness.FailAsync(due, now.AddMinutes(1)));
        }
        else if (to != DeliveryStatus.Pending)
        {
            var fence = new DeliveryFence(1, 0);
            Assert.True(
                await _harness.Events.SetAsideAsync(
                    due.Key,
                    fence,
                    to,
                    ReasonCode.Cancelled,
                    now,
                    None
                )
            );
        }
    }
}
