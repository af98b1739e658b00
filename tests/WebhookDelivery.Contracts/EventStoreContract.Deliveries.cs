using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>Listing, adding and cancelling single deliveries.</summary>
public abstract partial class EventStoreContract
{
    [Fact]
    public async Task ListDeliveries_InPages_IsOldestFirstAndComplete()
    {
        var endpoint = new EndpointKey(await AddTenantAsync(), NewEndpointId());
        var keys = await AppendToAsync(endpoint, 11);
        await AppendOneAsync(endpoint.TenantId);
        Assert.True(await DeliverAsync(keys[2]));
        Assert.True(await KillAsync(keys[3]));
        Assert.True(await ParkAsync(keys[4]));

        var listed = await ListAllAsync(Of(endpoint) with { Limit = 4 });

        Assert.Equal(keys, listed.Select(each => each.Key));
        Assert.Equal(await DeliveryAsync(keys[3]), listed[3]);
        Assert.Empty(await ListAllAsync(Of(endpoint with { TenantId = await AddTenantAsync() })));
    }

    [Fact]
    public async Task ListDeliveries_ByStatuses_FindsEachOfThem()
    {
        var endpoint = new EndpointKey(await AddTenantAsync(), NewEndpointId());
        var keys = await AppendToAsync(endpoint, 12);
        for (var i = 0; i < keys.Count; i++)
        {
            Assert.True(await MoveAsync(keys[i], (DeliveryStatus)(i % 6)));
        }

        async Task Holds(params DeliveryStatus[] statuses) =>
            Assert.Equal(
                keys.Where((_, i) => statuses.Contains((DeliveryStatus)(i % 6))),
                (
                    await ListAllAsync(
                        Of(endpoint) with
                        {
                            Limit = 3,
                            Statuses = statuses.ToHashSet(),
                        }
                    )
                ).Select(each => each.Key)
            );

        foreach (var status in Enum.GetValues<DeliveryStatus>())
        {
            await Holds(status);
        }

        await Holds(DeliveryStatus.Failed, DeliveryStatus.DeadLetter);
        await Holds(DeliveryStatus.Pending, DeliveryStatus.Failed, DeliveryStatus.Parked);
        await Holds(DeliveryStatus.Cancelled, DeliveryStatus.Parked);
        await Holds(DeliveryStatus.Delivered, DeliveryStatus.DeadLetter);
        await Holds(Enum.GetValues<DeliveryStatus>());
    }

    [Fact]
    public async Task Lists_SinceATimeAfterUntil_AreEmpty()
    {
        var endpoint = new EndpointKey(await AddTenantAsync(), NewEndpointId());
        var keys = await AppendToAsync(endpoint, 2);
        Assert.True(await KillAsync(keys[0]));
        var (since, until) = (Now.AddHours(1), Now.AddMinutes(1));

        foreach (
            DeliveryStatus[] statuses in new DeliveryStatus[][] { [], [DeliveryStatus.DeadLetter] }
        )
        {
            var query = Of(endpoint) with
            {
                Statuses = statuses.ToHashSet(),
                Since = since,
                Until = until,
            };
            Assert.Empty(await ListAllAsync(query));
        }

        var events = await Events.ListAsync(
            new EventQuery
            {
                TenantId = endpoint.TenantId,
                Since = since,
                Until = until,
                Limit = 10,
            },
            CancellationToken.None
        );
        Assert.Empty(events.Events);
        Assert.Null(events.Next);
    }

    [Fact]
    public async Task ListDeliveries_WithFilters_CombinesThemByAnd()
    {
        var endpoint = new EndpointKey(await AddTenantAsync(), NewEndpointId());
        var start = Now;
        var keys = new List<DeliveryKey>();
        foreach (
            var type in new[] { "order.created", "order.paid", "user.created", null, "order.paid" }
        )
        {
            var @event = await AppendAsync(NewEvent(endpoint.TenantId, type), endpoint.EndpointId);
            keys.Add(new DeliveryKey(endpoint.TenantId, @event.Id, endpoint.EndpointId));
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(await KillAsync(keys[0]));
        Assert.True(await KillAsync(keys[1], ReasonCode.Timeout));
        Assert.True(await KillAsync(keys[2], ReasonCode.Timeout));
        Assert.True(await FailAsync(keys[3], Now.AddMinutes(1)));
        var dead = Of(endpoint) with
        {
            Statuses = new HashSet<DeliveryStatus> { DeliveryStatus.DeadLetter },
        };
        var orders = EventTypeFilter.Parse(["order.*"], out _)!;

        async Task Holds(DeliveryQuery asked, params int[] expected) =>
            Assert.Equal(
                expected.Select(i => keys[i]),
                (await ListAllAsync(asked)).Select(each => each.Key)
            );

        await Holds(dead, 0, 1, 2);
        await Holds(dead with { EventTypes = orders }, 0, 1);
        await Holds(dead with { Reasons = new HashSet<ReasonCode> { ReasonCode.Timeout } }, 1, 2);
        await Holds(
            dead with
            {
                EventTypes = orders,
                Reasons = new HashSet<ReasonCode> { ReasonCode.Timeout },
            },
            1
        );
        await Holds(
            dead with
            {
                Reasons = new HashSet<ReasonCode> { ReasonCode.Timeout, ReasonCode.HttpStatus },
            },
            0,
            1,
            2
        );
        await Holds(dead with { Since = start.AddMilliseconds(1) }, 1, 2);
        await Holds(dead with { Until = start.AddMilliseconds(2) }, 0, 1);
        await Holds(Of(endpoint) with { EventTypes = orders }, 0, 1, 4);
        await Holds(
            Of(endpoint) with
            {
                Reasons = new HashSet<ReasonCode> { ReasonCode.HttpStatus },
            },
            0,
            3
        );
        await Holds(
            Of(endpoint) with
            {
                Since = start.AddMilliseconds(1),
                Until = start.AddMilliseconds(4),
            },
            1,
            2,
            3
        );
        await Holds(
            Of(endpoint) with
            {
                Statuses = new HashSet<DeliveryStatus>
                {
                    DeliveryStatus.Pending,
                    DeliveryStatus.Failed,
                },
                Since = start.AddMilliseconds(3),
            },
            3,
            4
        );
    }

    [Fact]
    public async Task Restart_WithADueTimeAndASource_KeepsBoth()
    {
        var key = await AppendOneAsync();
        Assert.Equal(EventSource.Live, (await DeliveryAsync(key)).Source);
        Assert.True(await KillAsync(key));
        var asked = new DeliveryRestart
        {
            Key = key,
            OnlyFrom = new HashSet<DeliveryStatus>
            {
                DeliveryStatus.Failed,
                DeliveryStatus.DeadLetter,
            },
            Source = EventSource.Recover,
            DueAt = Now.AddSeconds(30),
            Now = Now,
        };

        var due = await Events.RestartAsync(asked, None);

        Assert.NotNull(due);
        Assert.Equal(
            (asked.DueAt, EventSource.Recover, true),
            (due.DueAt, due.Source, due.Backlog)
        );
        var delivery = await DeliveryAsync(key);
        Assert.Equal(
            (asked.DueAt, EventSource.Recover, Now),
            (delivery.NextAttemptAt, delivery.Source, delivery.UpdatedAt)
        );
        Assert.Null(await Events.RestartAsync(asked, None));

        var redelivered = await Events.RestartAsync(key, null, null, false, Now, None);
        Assert.Equal((EventSource.Redeliver, false), (redelivered!.Source, redelivered.Backlog));
    }

    [Fact]
    public async Task Resume_AtAPace_SpreadsTheDueTimes()
    {
        var endpoint = new EndpointKey(await AddTenantAsync(), NewEndpointId());
        var keys = await AppendToAsync(endpoint, 4);
        foreach (var key in keys)
        {
            Assert.True(await ParkAsync(key));
        }

        var pace = new DuePace(Now, TimeSpan.FromMilliseconds(250));
        var resumed = await Events.ResumeAsync(endpoint, 10, pace, None);

        Assert.Equal(
            [0, 250, 500, 750],
            resumed.Select(due => (due.DueAt - Now).TotalMilliseconds).Order()
        );
        Assert.All(resumed, due => Assert.True(due.Backlog));
        foreach (var due in resumed)
        {
            Assert.Equal(due.DueAt, (await DeliveryAsync(due.Key)).NextAttemptAt);
        }
    }

    [Fact]
    public async Task AddDelivery_ToWhereItWasNotRouted_IsADeliveryLikeOthers()
    {
        var tenant = await AddTenantAsync();
        var routed = NewEndpointId();
        var @event = await AppendAsync(NewEvent(tenant, "a.b", "{\"n\":1}"), routed);
        var unrouted = await AppendAsync(NewEvent(tenant));
        Time.Advance(TimeSpan.FromHours(1));
        var key = new DeliveryKey(tenant, @event.Id, NewEndpointId());

        var due = await AddAsync(key);

        Assert.NotNull(due);
        Assert.Equal((key, 1, 1, Now), (due.Key, due.Generation, due.Attempt, due.DueAt));
        Assert.Equal(("a.b", EventSource.Replay, true), (due.EventType, due.Source, due.Backlog));
        var added = await DeliveryAsync(key);
        Assert.Equal(
            (DeliveryStatus.Pending, 1, 0, 0),
            (added.Status, added.Generation, added.GenerationAttempts, added.Attempts)
        );
        Assert.Equal(
            (EventSource.Replay, Now, Now),
            (added.Source, added.NextAttemptAt!.Value, added.UpdatedAt)
        );
        Assert.Equal([added], await ListAllAsync(Of(key.Endpoint)));
        Assert.True(await FailAsync(key, Now.AddMinutes(1)));
        var listed = await ListAllAsync(
            new EventQuery
            {
                TenantId = tenant,
                Status = DeliveryStatus.Failed,
                Limit = 10,
            }
        );
        Assert.Equal(
            new[] { routed, key.EndpointId }.Order(),
            Assert.Single(listed).Deliveries.Select(each => each.Key.EndpointId)
        );
        Assert.True(await DeliverAsync(key, number: 2));
        Assert.Equal(2, (await Events.ListAttemptsAsync(tenant, @event.Id, None)).Count);

        Assert.NotNull(await AddAsync(key with { EventId = unrouted.Id }));
        Assert.Single((await Events.FindAsync(tenant, unrouted.Id, None))!.Deliveries);
    }

    [Fact]
    public async Task AddDelivery_WhereThereIsOneOrNoEvent_ChangesNothing()
    {
        var key = await AppendOneAsync();
        Assert.Null(await AddAsync(key));
        Assert.Null(await AddAsync(key with { EventId = NewEventId() }));
        Assert.Null(await AddAsync(key with { TenantId = await AddTenantAsync() }));
        var added = key with { EndpointId = NewEndpointId() };
        Assert.NotNull(await AddAsync(added));
        Assert.Null(await AddAsync(added));
        Assert.Equal(EventSource.Live, (await DeliveryAsync(key)).Source);
        Assert.Equal(
            2,
            (await Events.FindAsync(key.TenantId, key.EventId, None))!.Deliveries.Count
        );
    }

    [Fact]
    public async Task AddDelivery_RacingItself_AddsOne()
    {
        var key = await AppendOneAsync() with { EndpointId = NewEndpointId() };
        var added = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await AddAsync(key)))
        );
        Assert.Single(added, each => each is not null);
    }

    [Fact]
    public async Task AddDelivery_ThenParkedOrRestarted_GoesTheSameWayAsOthers()
    {
        var key = await AppendOneAsync() with { EndpointId = NewEndpointId() };
        Assert.NotNull(await AddAsync(key, park: true));
        Assert.Equal(
            (DeliveryStatus.Parked, ReasonCode.EndpointDisabled),
            ((await DeliveryAsync(key)).Status, (await DeliveryAsync(key)).LastReason)
        );
        Assert.Single(await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None));
        Assert.True(await ParkAsync(key));
        Assert.Single(await Events.ResumeAsync(key.Endpoint, 10, DuePace.AtOnce(Now), None));
        Assert.True(await DeliverAsync(key));
        Assert.NotNull(await Events.RestartAsync(key, null, null, false, Now, None));
        Assert.Equal(2, (await DeliveryAsync(key)).Generation);

        var other = key with { EndpointId = NewEndpointId() };
        Assert.False(await ParkAsync(other));
        Assert.Equal(
            2,
            (await Events.FindAsync(key.TenantId, key.EventId, None))!.Deliveries.Count
        );
    }

    [Theory]
    [InlineData(DeliveryStatus.Pending, true)]
    [InlineData(DeliveryStatus.Failed, true)]
    [InlineData(DeliveryStatus.Parked, true)]
    [InlineData(DeliveryStatus.DeadLetter, false)]
    [InlineData(DeliveryStatus.Delivered, false)]
    public async Task CancelDelivery_InAnyStatus_MovesItIfOpenOrParked(
        DeliveryStatus from,
        bool moves
    )
    {
        var endpoint = new EndpointKey(await AddTenantAsync(), NewEndpointId());
        var keys = await AppendToAsync(endpoint, 2);
        var key = keys[0];
        Assert.True(await MoveAsync(key, from));
        Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(moves, await CancelAsync(key));
        Assert.False(await CancelAsync(key));

        var delivery = await DeliveryAsync(key);
        Assert.Equal(moves ? DeliveryStatus.Cancelled : from, delivery.Status);
        Assert.Null(delivery.NextAttemptAt);
        if (moves)
        {
            Assert.Equal((ReasonCode.Cancelled, Now), (delivery.LastReason, delivery.UpdatedAt));
        }

        Assert.Equal(DeliveryStatus.Pending, (await DeliveryAsync(keys[1])).Status);
    }

    [Fact]
    public async Task CancelDelivery_DuringAnAttempt_RecordsThatAndMovesNothing()
    {
        var key = await AppendOneAsync();
        Assert.True(await CancelAsync(key));
        Assert.False(await DeliverAsync(key));
        Assert.Equal(DeliveryStatus.Cancelled, (await DeliveryAsync(key)).Status);
        Assert.Single(await Events.ListAttemptsAsync(key.TenantId, key.EventId, None));
        Assert.NotNull(await Events.RestartAsync(key, null, null, false, Now, None));
        Assert.True(await DeliverAsync(key, generation: 2));
    }

    [Fact]
    public async Task CancelDelivery_OfOneGeneration_LeavesAnotherAlone()
    {
        var key = await AppendOneAsync();
        Assert.False(await CancelAsync(key, generation: 2));
        Assert.True(await CancelAsync(key, generation: 1));
        Assert.NotNull(await Events.RestartAsync(key, null, null, false, Now, None));
        Assert.False(await CancelAsync(key, generation: 1));
        Assert.Equal(DeliveryStatus.Pending, (await DeliveryAsync(key)).Status);
        Assert.True(await CancelAsync(key, generation: 2));

        var parked = await AppendOneAsync();
        Assert.True(await ParkAsync(parked));
        Assert.False(await CancelAsync(parked, generation: 2));
        Assert.True(await CancelAsync(parked, generation: 1));
    }

    [Fact]
    public async Task CancelDelivery_ThatIsNotThere_MakesNone()
    {
        var key = await AppendOneAsync();
        Assert.False(await CancelAsync(key with { EndpointId = NewEndpointId() }));
        Assert.False(await CancelAsync(key with { EventId = NewEventId() }));
        Assert.False(await CancelAsync(key with { TenantId = await AddTenantAsync() }));
        Assert.Equal(DeliveryStatus.Pending, (await DeliveryAsync(key)).Status);
        Assert.Single((await Events.FindAsync(key.TenantId, key.EventId, None))!.Deliveries);
    }

    [Fact]
    public async Task IsDue_AtEachStage_HoldsForThatAloneWhileOpen()
    {
        var key = await AppendOneAsync();
        async Task Holds(params (int Generation, int Attempts)[] expected)
        {
            foreach (var stage in new[] { (1, 0), (1, 1), (2, 0), (2, 1) })
            {
                var fence = new DeliveryFence(stage.Item1, stage.Item2);
                Assert.Equal(expected.Contains(stage), await Events.IsDueAsync(key, fence, None));
            }
        }

        await Holds((1, 0));
        Assert.True(await FailAsync(key, Now.AddMinutes(1)));
        await Holds((1, 1));
        Assert.True(await ParkAsync(key, attempts: 1));
        await Holds();
        Assert.NotNull(await Events.RestartAsync(key, null, null, false, Now, None));
        await Holds((2, 0));
        Assert.True(await FailAsync(key, Now.AddMinutes(1), generation: 2));
        await Holds((2, 1));
        Assert.True(await CancelAsync(key));
        await Holds();
    }

    [Fact]
    public async Task IsDue_OfADeliveryThatIsNotThere_IsFalse()
    {
        var key = await AppendOneAsync();
        var first = new DeliveryFence(1, 0);
        Assert.False(
            await Events.IsDueAsync(key with { EndpointId = NewEndpointId() }, first, None)
        );
        Assert.False(await Events.IsDueAsync(key with { EventId = NewEventId() }, first, None));
        var foreign = key with { TenantId = await AddTenantAsync() };
        Assert.False(await Events.IsDueAsync(foreign, first, None));
    }

    private static DeliveryQuery Of(EndpointKey endpoint) =>
        new()
        {
            TenantId = endpoint.TenantId,
            EndpointId = endpoint.EndpointId,
            Limit = 100,
        };

    private ValueTask<DueDelivery?> AddAsync(DeliveryKey key, bool park = false) =>
        Events.AddDeliveryAsync(key, EventSource.Replay, park, Now, Now, None);

    private ValueTask<bool> CancelAsync(DeliveryKey key, int? generation = null) =>
        Events.CancelDeliveryAsync(key, generation, ReasonCode.Cancelled, Now, None);

    private ValueTask<bool> KillAsync(DeliveryKey key, ReasonCode reason) =>
        Events.RecordAttemptAsync(
            NewAttempt(key, reason: reason, statusCode: null),
            new DeliveryTransition(DeliveryStatus.DeadLetter, null),
            None
        );

    /// <summary>Moves a delivery that nothing has happened to.</summary>
    private async Task<bool> MoveAsync(DeliveryKey key, DeliveryStatus to) =>
        to switch
        {
            DeliveryStatus.Failed => await FailAsync(key, Now.AddMinutes(1)),
            DeliveryStatus.Parked => await ParkAsync(key),
            DeliveryStatus.DeadLetter => await KillAsync(key),
            DeliveryStatus.Cancelled => await CancelAsync(key),
            DeliveryStatus.Delivered => await DeliverAsync(key),
            _ => true,
        };

    private async Task<List<Delivery>> ListAllAsync(DeliveryQuery query)
    {
        var listed = new List<Delivery>();
        while (true)
        {
            var page = await Events.ListDeliveriesAsync(query, None);
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
