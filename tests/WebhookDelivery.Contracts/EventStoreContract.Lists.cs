using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task List_InPages_IsNewestFirstAndComplete()
    {
        var endpoint = new EndpointKey(await AddTenantAsync(), NewEndpointId());
        var keys = await AppendToAsync(endpoint, 11);
        var listed = await ListAllAsync(new EventQuery { TenantId = endpoint.TenantId, Limit = 4 });
        Assert.Equal(
            keys.Select(key => key.EventId).OrderDescending(),
            listed.Select(stored => stored.Event.Id)
        );
        Assert.All(listed, stored => Assert.True(stored.Event.Payload.IsEmpty));
        Assert.All(listed, stored => Assert.Single(stored.Deliveries));
    }

    [Fact]
    public async Task List_WhenThePageIsTheLast_HasNoNext()
    {
        var tenant = await AddTenantAsync();
        Assert.Null((await ListAsync(tenant)).Next);
        await AppendAsync(tenant);
        var page = await ListAsync(tenant);
        Assert.Single(page.Events);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task List_WithFilters_CombinesThemByAnd()
    {
        var tenant = await AddTenantAsync();
        var one = NewEndpointId();
        var two = NewEndpointId();
        var both = await AppendAsync(NewEvent(tenant, "a"), one, two);
        var first = await AppendAsync(NewEvent(tenant, "a"), one);
        var second = await AppendAsync(NewEvent(tenant, "b"), two);
        var unrouted = await AppendAsync(NewEvent(tenant, null));
        Assert.True(await DeliverAsync(new DeliveryKey(tenant, both.Id, one)));
        Assert.True(await KillAsync(new DeliveryKey(tenant, both.Id, two)));
        Assert.True(await ParkAsync(new DeliveryKey(tenant, first.Id, one)));
        var query = new EventQuery { TenantId = tenant, Limit = 10 };

        async Task Holds(EventQuery asked, params Event[] expected) =>
            Assert.Equal(
                expected.Select(each => each.Id).ToHashSet(),
                (await ListAllAsync(asked)).Select(each => each.Event.Id).ToHashSet()
            );

        await Holds(query, both, first, second, unrouted);
        await Holds(query with { Type = "a" }, both, first);
        await Holds(query with { Type = "A" });
        await Holds(query with { EndpointId = two }, both, second);
        await Holds(query with { Status = DeliveryStatus.Delivered }, both);
        await Holds(query with { Status = DeliveryStatus.DeadLetter }, both);
        await Holds(query with { Status = DeliveryStatus.Parked }, first);
        await Holds(query with { Status = DeliveryStatus.Parked, EndpointId = one }, first);
        await Holds(query with { Status = DeliveryStatus.Parked, EndpointId = two });
        await Holds(query with { Status = DeliveryStatus.Pending }, second);
        await Holds(query with { Status = DeliveryStatus.Failed });
        await Holds(query with { Status = DeliveryStatus.DeadLetter, EndpointId = one });
        await Holds(query with { Status = DeliveryStatus.DeadLetter, EndpointId = two }, both);
        await Holds(query with { Status = DeliveryStatus.DeadLetter, Type = "b" });
    }

    [Fact]
    public async Task List_SinceInclusiveUntilExclusive_BoundsByCreation()
    {
        var endpoint = new EndpointKey(await AddTenantAsync(), NewEndpointId());
        var start = Now;
        var keys = await AppendToAsync(endpoint, 6);
        var query = new EventQuery { TenantId = endpoint.TenantId, Limit = 2 };
        async Task<IEnumerable<EventId>> Between(int? since, int? until) =>
            (
                await ListAllAsync(
                    query with
                    {
                        Since = since is null ? null : start.AddMilliseconds(since.Value),
                        Until = until is null ? null : start.AddMilliseconds(until.Value),
                    }
                )
            ).Select(each => each.Event.Id);
        Assert.Equal([keys[4].EventId, keys[3].EventId, keys[2].EventId], await Between(2, 5));
        Assert.Equal([keys[5].EventId, keys[4].EventId], await Between(4, null));
        Assert.Equal([keys[0].EventId], await Between(null, 1));
        Assert.Empty(await Between(6, null));
    }

    [Fact]
    public async Task ListDeadLetters_InPages_IsNewestEventFirstThenByEndpoint()
    {
        var tenant = await AddTenantAsync();
        var endpoints = new[] { NewEndpointId(), NewEndpointId(), NewEndpointId() };
        var expected = new List<DeliveryKey>();
        for (var i = 0; i < 4; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            var @event = await AppendAsync(tenant, endpoints);
            foreach (var endpoint in endpoints)
            {
                var key = new DeliveryKey(tenant, @event.Id, endpoint);
                Assert.True(await KillAsync(key));
                expected.Add(key);
            }
        }

        await AppendOneAsync(tenant);
        var listed = await ListAllAsync(new DeadLetterQuery { TenantId = tenant, Limit = 2 });

        Assert.Equal(
            expected.OrderByDescending(key => key.EventId).ThenBy(key => key.EndpointId),
            listed.Select(delivery => delivery.Key)
        );
        Assert.All(listed, delivery => Assert.Equal(DeliveryStatus.DeadLetter, delivery.Status));
    }

    [Fact]
    public async Task ListDeadLetters_WithFilters_CombinesThemByAnd()
    {
        var tenant = await AddTenantAsync();
        var one = new EndpointKey(tenant, NewEndpointId());
        var two = new EndpointKey(tenant, NewEndpointId());
        var start = Now;
        var keys = await AppendToAsync(one, 4);
        keys.AddRange(await AppendToAsync(two, 2));
        foreach (var key in keys)
        {
            Assert.True(await KillAsync(key));
        }

        var query = new DeadLetterQuery { TenantId = tenant, Limit = 2 };
        async Task<HashSet<DeliveryKey>> Keys(DeadLetterQuery asked) =>
            [.. (await ListAllAsync(asked)).Select(delivery => delivery.Key)];
        Assert.Equal([.. keys], await Keys(query));
        Assert.Equal([.. keys.Take(4)], await Keys(query with { EndpointId = one.EndpointId }));
        Assert.Equal(
            [keys[1], keys[2]],
            await Keys(
                query with
                {
                    EndpointId = one.EndpointId,
                    Since = start.AddMilliseconds(1),
                    Until = start.AddMilliseconds(3),
                }
            )
        );
        Assert.Empty(await Keys(query with { TenantId = await AddTenantAsync() }));
        var orders = EventTypeFilter.Parse(["order.*"], out _)!;
        var users = EventTypeFilter.Parse(["user.*"], out _)!;
        var statuses = new HashSet<ReasonCode> { ReasonCode.HttpStatus };
        var timeouts = new HashSet<ReasonCode> { ReasonCode.Timeout };
        Assert.Equal([.. keys], await Keys(query with { EventTypes = orders, Reasons = statuses }));
        Assert.Empty(await Keys(query with { EventTypes = users }));
        Assert.Empty(await Keys(query with { Reasons = timeouts }));
    }

    [Fact]
    public async Task ListDeadLetters_AfterARequeue_LeavesItOut()
    {
        var key = await AppendOneAsync();
        Assert.True(await KillAsync(key));
        await Events.RestartAsync(key, DeliveryStatus.DeadLetter, 1, false, Now, None);
        Assert.Empty(
            await ListAllAsync(new DeadLetterQuery { TenantId = key.TenantId, Limit = 10 })
        );
    }

    private async Task<List<StoredEvent>> ListAllAsync(EventQuery query)
    {
        var listed = new List<StoredEvent>();
        while (true)
        {
            var page = await Events.ListAsync(query, None);
            Assert.InRange(page.Events.Count, 0, query.Limit);
            listed.AddRange(page.Events);
            if (page.Next is null)
            {
                return listed;
            }

            query = query with { Before = page.Next };
        }
    }

    private async Task<List<Delivery>> ListAllAsync(DeadLetterQuery query)
    {
        var listed = new List<Delivery>();
        while (true)
        {
            var page = await Events.ListDeadLettersAsync(query, None);
            Assert.InRange(page.Deliveries.Count, 0, query.Limit);
            listed.AddRange(page.Deliveries);
            if (page.Next is null)
            {
                return listed;
            }

            query = query with { After = page.Next };
        }
    }
}
