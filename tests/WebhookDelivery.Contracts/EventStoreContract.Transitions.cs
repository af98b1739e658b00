using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task RecordAttempt_OfAFailure_MovesTheDeliveryAndKeepsTheExchange()
    {
        var key = await AppendOneAsync();
        var attempt = NewAttempt(key) with
        {
            Outcome = new AttemptOutcome
            {
                Reason = ReasonCode.Throttled,
                StatusCode = 429,
                RetryAfter = TimeSpan.FromSeconds(90),
                Duration = TimeSpan.FromMilliseconds(120.5),
                ResponseExcerpt = "slow down"u8.ToArray(),
                ResponseHeaders = ResponseHeaders.OfLines(
                    "Server: nginx\nX-City: Köln\n"u8.ToArray()
                ),
            },
        };
        Time.Advance(TimeSpan.FromSeconds(1));
        var next = Now.AddMinutes(1);

        Assert.True(
            await Events.RecordAttemptAsync(
                attempt,
                new DeliveryTransition(DeliveryStatus.Failed, next),
                None
            )
        );

        var delivery = await DeliveryAsync(key);
        Assert.Equal(DeliveryStatus.Failed, delivery.Status);
        Assert.Equal(
            (1, 1, 1),
            (delivery.Generation, delivery.GenerationAttempts, delivery.Attempts)
        );
        Assert.Equal(next, delivery.NextAttemptAt);
        Assert.Equal(attempt.StartedAt, delivery.LastAttemptAt);
        Assert.Equal(429, delivery.LastStatusCode);
        Assert.Equal(ReasonCode.Throttled, delivery.LastReason);
        Assert.InRange(delivery.UpdatedAt, attempt.StartedAt, Now);
        var kept = Assert.Single(await Events.ListAttemptsAsync(key.TenantId, key.EventId, None));
        Assert.Equal("slow down", Text(kept.Outcome.ResponseExcerpt));
        Assert.Equal(
            attempt,
            kept with
            {
                Outcome = kept.Outcome with { ResponseExcerpt = attempt.Outcome.ResponseExcerpt },
            }
        );
    }

    [Theory]
    [InlineData(DeliveryStatus.Failed)]
    [InlineData(DeliveryStatus.Delivered)]
    public async Task RecordAttempt_OfAnAnswer_KeepsItsHeaders(DeliveryStatus status)
    {
        var key = await AppendOneAsync();
        var attempt = NewAttempt(key);
        var headers = ResponseHeaders.OfLines(
            "Server: nginx\nContent-Type: text/plain\nX-Empty: \n"u8.ToArray()
        );

        Assert.True(
            await Events.RecordAttemptAsync(
                attempt with
                {
                    Outcome = attempt.Outcome with { ResponseHeaders = headers },
                },
                new DeliveryTransition(status, status.IsOpen() ? Now.AddMinutes(1) : null),
                None
            )
        );
        var stored = await Events.ListAttemptsAsync(key.TenantId, key.EventId, None);
        Assert.Equal(headers, Assert.Single(stored).Outcome.ResponseHeaders);

        // A later attempt without any has none of its own, and takes none over.
        if (status.IsOpen())
        {
            Assert.True(await DeliverAsync(key, number: 2));
            var both = await Events.ListAttemptsAsync(key.TenantId, key.EventId, None);
            Assert.Same(ResponseHeaders.None, both[1].Outcome.ResponseHeaders);
        }
    }

    [Theory]
    [InlineData(DeliveryStatus.Delivered)]
    [InlineData(DeliveryStatus.DeadLetter)]
    public async Task RecordAttempt_ThatEndsTheDelivery_LeavesNothingDue(DeliveryStatus status)
    {
        var key = await AppendOneAsync();
        Assert.True(
            await Events.RecordAttemptAsync(
                NewAttempt(key),
                new DeliveryTransition(status, null),
                None
            )
        );
        var delivery = await DeliveryAsync(key);
        Assert.Equal(status, delivery.Status);
        Assert.Null(delivery.NextAttemptAt);
    }

    [Fact]
    public async Task RecordAttempt_Twice_RecordsTwiceAndMovesOnce()
    {
        var key = await AppendOneAsync();
        var next = Now.AddMinutes(1);
        Assert.True(await FailAsync(key, next));
        Assert.False(await DeliverAsync(key));
        var delivery = await DeliveryAsync(key);
        Assert.Equal((DeliveryStatus.Failed, 1), (delivery.Status, delivery.GenerationAttempts));
        Assert.Equal(next, delivery.NextAttemptAt);
        Assert.Equal(2, (await Events.ListAttemptsAsync(key.TenantId, key.EventId, None)).Count);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 0)]
    public async Task RecordAttempt_OfAnotherStage_MovesNothing(int generation, int number)
    {
        var key = await AppendOneAsync();
        Assert.False(await DeliverAsync(key, number, generation));
        Assert.Equal(DeliveryStatus.Pending, (await DeliveryAsync(key)).Status);
        Assert.Single(await Events.ListAttemptsAsync(key.TenantId, key.EventId, None));
    }

    [Fact]
    public async Task RecordAttempt_AfterARestart_MovesNothing()
    {
        var key = await AppendOneAsync();
        Assert.NotNull(await Events.RestartAsync(key, null, null, false, Now, None));
        Assert.False(await DeliverAsync(key));
        var delivery = await DeliveryAsync(key);
        Assert.Equal((DeliveryStatus.Pending, 2), (delivery.Status, delivery.Generation));
        Assert.True(await DeliverAsync(key, generation: 2));
    }

    [Fact]
    public async Task RecordAttempt_WhenNoLongerOpen_MovesNothing()
    {
        var key = await AppendOneAsync();
        Assert.True(await ParkAsync(key));
        Assert.False(await DeliverAsync(key));
        Assert.Equal(DeliveryStatus.Parked, (await DeliveryAsync(key)).Status);
        Assert.Single(await Events.ListAttemptsAsync(key.TenantId, key.EventId, None));
    }

    [Fact]
    public async Task RecordAttempt_RacingItself_MovesOnce()
    {
        var key = await AppendOneAsync();
        var moved = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await DeliverAsync(key)))
        );
        Assert.Single(moved, true);
        Assert.Equal(1, (await DeliveryAsync(key)).Attempts);
        Assert.Equal(8, (await Events.ListAttemptsAsync(key.TenantId, key.EventId, None)).Count);
    }

    [Fact]
    public async Task ListAttempts_OfSeveralDeliveries_AreOldestFirst()
    {
        var tenant = await AddTenantAsync();
        var @event = await AppendAsync(tenant, NewEndpointId(), NewEndpointId());
        var stored = await Events.FindAsync(tenant, @event.Id, None);
        foreach (var number in new[] { 1, 2, 3 })
        {
            foreach (var delivery in stored!.Deliveries)
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                Assert.True(await FailAsync(delivery.Key, Now.AddMinutes(1), number));
            }
        }

        var attempts = await Events.ListAttemptsAsync(tenant, @event.Id, None);

        Assert.Equal(6, attempts.Count);
        Assert.Equal(attempts.OrderBy(each => each.StartedAt), attempts);
        Assert.Equal(2, attempts.Select(each => each.Key.EndpointId).Distinct().Count());
    }

    [Theory]
    [InlineData(DeliveryStatus.Parked, ReasonCode.EndpointDisabled)]
    [InlineData(DeliveryStatus.Cancelled, ReasonCode.EndpointDeleted)]
    [InlineData(DeliveryStatus.DeadLetter, ReasonCode.Poison)]
    public async Task SetAside_AnOpenDelivery_MovesItOnce(DeliveryStatus status, ReasonCode reason)
    {
        var key = await AppendOneAsync();
        Assert.True(await FailAsync(key, Now.AddMinutes(1)));
        Time.Advance(TimeSpan.FromMinutes(2));
        var fence = new DeliveryFence(1, 1);

        Assert.True(await Events.SetAsideAsync(key, fence, status, reason, Now, None));
        Assert.False(await Events.SetAsideAsync(key, fence, status, reason, Now, None));

        var delivery = await DeliveryAsync(key);
        Assert.Equal((status, reason), (delivery.Status, delivery.LastReason));
        Assert.Equal((1, 1), (delivery.GenerationAttempts, delivery.Attempts));
        Assert.Null(delivery.NextAttemptAt);
        Assert.Equal(Now, delivery.UpdatedAt);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    public async Task SetAside_WhereTheFenceDoesNotHold_MovesNothing(int generation, int attempts)
    {
        var key = await AppendOneAsync();
        Assert.False(await ParkAsync(key, generation, attempts));
        Assert.Equal(DeliveryStatus.Pending, (await DeliveryAsync(key)).Status);
    }

    [Fact]
    public async Task SetAside_AClosedDelivery_MovesNothing()
    {
        var key = await AppendOneAsync();
        Assert.True(await DeliverAsync(key));
        Assert.False(await ParkAsync(key, attempts: 1));
        Assert.Equal(DeliveryStatus.Delivered, (await DeliveryAsync(key)).Status);
    }

    [Fact]
    public async Task Restart_ADeadLetter_StartsTheNextGeneration()
    {
        var tenant = await AddTenantAsync();
        var @event = NewEvent(tenant, "a.b", "{\"n\":1}") with { TraceParent = "00-aa-bb-01" };
        await AppendAsync(@event, NewEndpointId());
        var key = (await Events.FindAsync(tenant, @event.Id, None))!.Deliveries[0].Key;
        Assert.True(await KillAsync(key));
        Time.Advance(TimeSpan.FromHours(1));

        var due = await Events.RestartAsync(key, DeliveryStatus.DeadLetter, 1, false, Now, None);

        Assert.NotNull(due);
        Assert.Equal((key, 2, 1, Now), (due.Key, due.Generation, due.Attempt, due.DueAt));
        Assert.Equal(("a.b", "00-aa-bb-01"), (due.EventType, due.TraceParent));
        Assert.True(
            due.Payload is null || due.Payload.Value.Span.SequenceEqual(@event.Payload.Span)
        );
        var delivery = await DeliveryAsync(key);
        Assert.Equal(DeliveryStatus.Pending, delivery.Status);
        Assert.Equal(
            (2, 0, 1),
            (delivery.Generation, delivery.GenerationAttempts, delivery.Attempts)
        );
        Assert.Equal(Now, delivery.NextAttemptAt);
        Assert.Equal(Now, delivery.UpdatedAt);
        Assert.Single(await Events.ListAttemptsAsync(tenant, @event.Id, None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(300_000)]
    public async Task RestartAndResume_OfAPayload_CarryAllOfItOrNone(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var @event = NewEvent(await AddTenantAsync()) with { Payload = payload };
        var endpoint = NewEndpointId();
        await AppendAsync(@event, endpoint);
        var key = new DeliveryKey(@event.TenantId, @event.Id, endpoint);
        var restarted = await Events.RestartAsync(key, null, null, false, Now, None);
        Assert.True(await ParkAsync(key, generation: 2));
        var resumed = Assert.Single(
            await Events.ResumeAsync(key.Endpoint, 1, DuePace.AtOnce(Now), None)
        );
        foreach (var due in new[] { restarted!, resumed })
        {
            Assert.True(due.Payload is null || due.Payload.Value.Span.SequenceEqual(payload));
        }
    }

    [Fact]
    public async Task Restart_ToPark_IsParkedInTheNextGeneration()
    {
        var key = await AppendOneAsync();
        Assert.True(await KillAsync(key));
        Assert.NotNull(await Events.RestartAsync(key, null, null, true, Now, None));
        var delivery = await DeliveryAsync(key);
        Assert.Equal((DeliveryStatus.Parked, 2), (delivery.Status, delivery.Generation));
        Assert.Null(delivery.NextAttemptAt);
    }

    [Fact]
    public async Task Restart_FromAnotherStatusOrGeneration_ChangesNothing()
    {
        var key = await AppendOneAsync();
        Assert.True(await KillAsync(key));
        var before = await DeliveryAsync(key);
        Assert.Null(
            await Events.RestartAsync(key, DeliveryStatus.Delivered, null, false, Now, None)
        );
        Assert.Null(await Events.RestartAsync(key, DeliveryStatus.DeadLetter, 2, false, Now, None));
        Assert.Null(await Events.RestartAsync(key, null, 2, false, Now, None));
        var unknown = key with { EndpointId = NewEndpointId() };
        Assert.Null(await Events.RestartAsync(unknown, null, null, false, Now, None));
        Assert.Equal(before, await DeliveryAsync(key));
    }

    [Theory]
    [InlineData(DeliveryStatus.Pending)]
    [InlineData(DeliveryStatus.Delivered)]
    [InlineData(DeliveryStatus.Cancelled)]
    public async Task Restart_FromAnyStatus_IsPendingAgain(DeliveryStatus from)
    {
        var key = await AppendOneAsync();
        if (from == DeliveryStatus.Delivered)
        {
            Assert.True(await DeliverAsync(key));
        }
        else if (from == DeliveryStatus.Cancelled)
        {
            await Events.CancelAsync(key.Endpoint, 10, ReasonCode.Cancelled, Now, None);
        }

        Assert.NotNull(await Events.RestartAsync(key, null, null, false, Now, None));
        var delivery = await DeliveryAsync(key);
        Assert.Equal((DeliveryStatus.Pending, 2), (delivery.Status, delivery.Generation));
    }

    [Fact]
    public async Task Restart_RacingItselfInOneGeneration_RestartsOnce()
    {
        var key = await AppendOneAsync();
        Assert.True(await KillAsync(key));
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(async () =>
                        await Events.RestartAsync(
                            key,
                            DeliveryStatus.DeadLetter,
                            1,
                            false,
                            Now,
                            None
                        )
                    )
                )
        );
        Assert.Single(results, result => result is not null);
        Assert.Equal(2, (await DeliveryAsync(key)).Generation);
    }

    [Fact]
    public async Task Resume_ParkedDeliveries_MovesThemInPieces()
    {
        var tenant = await AddTenantAsync();
        var endpoint = new EndpointKey(tenant, NewEndpointId());
        var other = await AppendOneAsync(tenant);
        Assert.True(await ParkAsync(other));
        var keys = await AppendToAsync(endpoint, 5);
        foreach (var key in keys.Take(4))
        {
            Assert.True(await FailAsync(key, Now.AddMinutes(1)));
            Assert.True(await ParkAsync(key, attempts: 1));
        }

        Time.Advance(TimeSpan.FromHours(1));
        var first = await Events.ResumeAsync(endpoint, 3, DuePace.AtOnce(Now), None);
        var second = await Events.ResumeAsync(endpoint, 3, DuePace.AtOnce(Now), None);

        Assert.InRange(first.Count, 1, 3);
        Assert.InRange(second.Count, 1, 3);
        var resumed = first.Concat(second).ToList();
        while (
            await Events.ResumeAsync(endpoint, 3, DuePace.AtOnce(Now), None) is { Count: > 0 } more
        )
        {
            resumed.AddRange(more);
        }

        Assert.Equal(keys.Take(4).ToHashSet(), resumed.Select(due => due.Key).ToHashSet());
        Assert.Equal(4, resumed.Count);
        Assert.All(
            resumed,
            due => Assert.Equal((1, 2, Now), (due.Generation, due.Attempt, due.DueAt))
        );
        var delivery = await DeliveryAsync(keys[0]);
        Assert.Equal(DeliveryStatus.Pending, delivery.Status);
        Assert.Equal((1, 1), (delivery.Generation, delivery.GenerationAttempts));
        Assert.Equal(Now, delivery.NextAttemptAt);
        Assert.Equal(DeliveryStatus.Parked, (await DeliveryAsync(other)).Status);
    }

    [Fact]
    public async Task Cancel_OpenAndParked_MovesThemInPieces()
    {
        var tenant = await AddTenantAsync();
        var endpoint = new EndpointKey(tenant, NewEndpointId());
        var keys = await AppendToAsync(endpoint, 6);
        var other = await AppendOneAsync(tenant);
        Assert.True(await FailAsync(keys[0], Now.AddMinutes(1)));
        Assert.True(await ParkAsync(keys[1]));
        Assert.True(await DeliverAsync(keys[2]));
        Assert.True(await KillAsync(keys[3]));

        var cancelled = 0;
        while (
            await Events.CancelAsync(endpoint, 2, ReasonCode.EndpointDeleted, Now, None)
                is > 0
                    and var count
        )
        {
            Assert.InRange(count, 1, 2);
            cancelled += count;
        }

        Assert.Equal(4, cancelled);
        var statuses = new List<DeliveryStatus>();
        foreach (var key in keys)
        {
            statuses.Add((await DeliveryAsync(key)).Status);
        }

        Assert.Equal(
            [
                DeliveryStatus.Cancelled,
                DeliveryStatus.Cancelled,
                DeliveryStatus.Delivered,
                DeliveryStatus.DeadLetter,
                DeliveryStatus.Cancelled,
                DeliveryStatus.Cancelled,
            ],
            statuses
        );
        Assert.Equal(ReasonCode.EndpointDeleted, (await DeliveryAsync(keys[4])).LastReason);
        Assert.Null((await DeliveryAsync(keys[4])).NextAttemptAt);
        Assert.Equal(DeliveryStatus.Pending, (await DeliveryAsync(other)).Status);
    }

    private async Task<List<DeliveryKey>> AppendToAsync(EndpointKey endpoint, int count)
    {
        var keys = new List<DeliveryKey>();
        for (var i = 0; i < count; i++)
        {
            var @event = await AppendAsync(endpoint.TenantId, endpoint.EndpointId);
            keys.Add(new DeliveryKey(endpoint.TenantId, @event.Id, endpoint.EndpointId));
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        return keys;
    }
}
