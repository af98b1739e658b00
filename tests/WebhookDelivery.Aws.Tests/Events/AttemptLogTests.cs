using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class AttemptLogTests : EventStoreRig
{
    protected override int SdkRetries => 2;

    [Fact]
    public async Task RecordAttempt_MoreThanTwenty_KeepsTheLastTwenty()
    {
        var key = await AppendOneAsync();
        for (var number = 1; number <= 25; number++)
        {
            Assert.True(await FailAsync(key, Now.AddMinutes(1), number));
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        var kept = await Events.ListAttemptsAsync(key.TenantId, key.EventId, None);
        Assert.Equal(Enumerable.Range(6, 20), kept.Select(attempt => attempt.Number));
        var delivery = await DeliveryAsync(key);
        Assert.Equal((25, 25), (delivery.Attempts, delivery.GenerationAttempts));
    }

    [Fact]
    public async Task RecordAttempt_OfManyStaleOnesOnAFullList_ForgetsOnlyTheOldest()
    {
        var key = await AppendOneAsync();
        for (var number = 1; number <= 20; number++)
        {
            Assert.True(await FailAsync(key, Now.AddMinutes(1), number));
        }

        var moved = await Task.WhenAll(
            Enumerable
                .Range(101, 12)
                .Select(number => Task.Run(async () => await DeliverAsync(key, number)))
        );

        Assert.DoesNotContain(true, moved);
        var kept = await Events.ListAttemptsAsync(key.TenantId, key.EventId, None);
        Assert.Equal(
            Enumerable.Range(13, 8).Concat(Enumerable.Range(101, 12)),
            kept.Select(attempt => attempt.Number).Order()
        );
        Assert.Equal(20, (await DeliveryAsync(key)).Attempts);
    }

    [Fact]
    public async Task RecordAttempt_RacingItselfOnAFullList_MovesOnce()
    {
        var key = await AppendOneAsync();
        for (var number = 1; number <= 20; number++)
        {
            Assert.True(await FailAsync(key, Now.AddMinutes(1), number));
        }

        var moved = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await DeliverAsync(key, 21)))
        );

        Assert.Single(moved, true);
        var kept = await Events.ListAttemptsAsync(key.TenantId, key.EventId, None);
        Assert.Equal(20, kept.Count);
        Assert.Equal(8, kept.Count(attempt => attempt.Number == 21));
        Assert.Equal(21, (await DeliveryAsync(key)).Attempts);
    }

    [Fact]
    public async Task RecordAttempt_AStaleOneOfAnUntouchedDelivery_LeavesItDueAsItWas()
    {
        var key = await AppendOneAsync();
        var created = Now;
        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.False(await DeliverAsync(key, number: 3));

        var delivery = await DeliveryAsync(key);
        Assert.Equal((DeliveryStatus.Pending, 1, 0), Stage(delivery));
        Assert.Equal(created, delivery.NextAttemptAt);
        Assert.Equal(created, delivery.UpdatedAt);
        var item = (await ItemAsync(key))!;
        Assert.Equal(EventsTable.DueKeyOf(key.EventId), item.TextOrNull(EventsTable.DueKey));
        Assert.Equal(Now + Options.HealingGrace, item.Time(EventsTable.DueAt));
        Assert.True(await DeliverAsync(key));
    }

    [Fact]
    public async Task RecordAttempt_AStaleOne_KeepsItsAnswerAsTheLast()
    {
        var key = await AppendOneAsync();
        Assert.True(
            await RecordAsync(NewAttempt(key), "first", DeliveryStatus.Failed, "Server: 1\n")
        );
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(
            await RecordAsync(NewAttempt(key), "second", DeliveryStatus.Failed, "Server: 2\n")
        );

        var kept = await Events.ListAttemptsAsync(key.TenantId, key.EventId, None);

        Assert.True(kept[0].Outcome.ResponseExcerpt.IsEmpty);
        Assert.Equal("second"u8, kept[1].Outcome.ResponseExcerpt.Span);
        Assert.True(kept[0].Outcome.ResponseHeaders.IsEmpty);
        Assert.Equal("Server: 2\n"u8, kept[1].Outcome.ResponseHeaders.Lines.Span);
    }

    [Fact]
    public async Task RecordAttempt_WhoseAnswerIsLost_HasMovedTheDeliveryOnce()
    {
        var key = await AppendOneAsync();
        using var fault = Proxy.On("UpdateItem", AwsFault.DropAfter(), times: 1);

        Assert.True(await DeliverAsync(key));

        Assert.Equal(2, Proxy.Of("UpdateItem").Count);
        Assert.Single(await Events.ListAttemptsAsync(key.TenantId, key.EventId, None));
    }

    [Fact]
    public async Task RecordAttempt_AStaleOneWhoseAnswerIsLost_HasMovedNothing()
    {
        var key = await AppendOneAsync();
        for (var number = 1; number <= 20; number++)
        {
            Assert.True(await FailAsync(key, Now.AddMinutes(1), number));
        }

        var updates = 0;
        using var fault = Proxy.On(
            request => request.Operation == "UpdateItem" && ++updates == 2,
            AwsFault.DropAfter()
        );

        Assert.False(await DeliverAsync(key, number: 7));

        var kept = await Events.ListAttemptsAsync(key.TenantId, key.EventId, None);
        Assert.Equal(20, kept.Count);
        Assert.Equal(2, kept.Count(attempt => attempt.Number == 7));
    }

    [Theory]
    [InlineData(0, 26)]
    [InlineData(100, 23)]
    [InlineData(500, 9)]
    [InlineData(1024, 0)]
    public async Task RecordAttempt_AFirstSuccess_KeepsTheHeadersThatFitOneUnit(
        int excerptBytes,
        int kept
    )
    {
        var tenant = TenantId.Parse(new string('t', TenantId.LengthMax));
        var @event = await AppendAsync(tenant, NewEndpointId());
        var key = (await Events.FindAsync(tenant, @event.Id, None))!.Deliveries[0].Key;
        var lines = string.Concat(
            Enumerable.Range(10, 34).Select(i => $"X-{i}: {new string('v', 22)}\n")
        );

        Assert.True(
            await RecordAsync(
                NewAttempt(key),
                new string('x', excerptBytes),
                DeliveryStatus.Delivered,
                lines
            )
        );

        Assert.InRange(ItemSize.Of((await ItemAsync(key))!), 900, 1024);
        var attempts = await Events.ListAttemptsAsync(tenant, key.EventId, None);
        Assert.Equal(kept, Assert.Single(attempts).Outcome.ResponseHeaders.Read().Count);
    }

    [Fact]
    public async Task RecordAttempt_AFirstSuccess_IsOneCallAndOneUnitAndInNoIndex()
    {
        var tenant = TenantId.Parse(new string('t', TenantId.LengthMax));
        var @event = await AppendAsync(tenant, NewEndpointId());
        var key = (await Events.FindAsync(tenant, @event.Id, None))!.Deliveries[0].Key;
        var excerpt = new string('x', AttemptOutcome.ResponseExcerptBytesMax);

        var operations = await OperationsOfAsync(async () =>
            Assert.True(await RecordAsync(NewAttempt(key), excerpt, DeliveryStatus.Delivered))
        );

        Assert.Equal(["UpdateItem"], operations);
        var item = (await ItemAsync(key))!;
        Assert.InRange(ItemSize.Of(item), 1000, 1024);
        Assert.DoesNotContain(EventsTable.StatusKey, item.Keys);
        Assert.DoesNotContain(EventsTable.DueKey, item.Keys);
        Assert.DoesNotContain(EventsTable.DueAt, item.Keys);
    }

    [Fact]
    public async Task RecordAttempt_ASuccessAfterManyFailures_IsOneUnit()
    {
        var tenant = TenantId.Parse(new string('t', TenantId.LengthMax));
        var @event = await AppendAsync(tenant, NewEndpointId());
        var key = (await Events.FindAsync(tenant, @event.Id, None))!.Deliveries[0].Key;
        for (var number = 1; number <= 21; number++)
        {
            var attempt = NewAttempt(key, number, reason: ReasonCode.Throttled, statusCode: 429);
            Assert.True(await RecordAsync(attempt, new string('x', 1024), DeliveryStatus.Failed));
        }

        Assert.True(
            await RecordAsync(NewAttempt(key, 22), new string('x', 1024), DeliveryStatus.Delivered)
        );

        Assert.InRange(ItemSize.Of((await ItemAsync(key))!), 900, 1024);
    }

    [Fact]
    public async Task RecordAttempt_ARetry_IsOneCall()
    {
        var key = await AppendOneAsync();
        Assert.True(await FailAsync(key, Now.AddMinutes(1)));
        var failed = (await ItemAsync(key))!;
        Assert.Equal(
            EventsTable.StatusKeyOf(key.TenantId, DeliveryStatus.Failed, key.EventId),
            failed.TextOrNull(EventsTable.StatusKey)
        );
        Assert.Equal(Now.AddMinutes(1), failed.Time(EventsTable.DueAt));

        var operations = await OperationsOfAsync(async () =>
            Assert.True(await FailAsync(key, Now.AddMinutes(2), number: 2))
        );

        Assert.Equal(["UpdateItem"], operations);
        Assert.True(await DeliverAsync(key, number: 3));
        Assert.DoesNotContain(EventsTable.StatusKey, (await ItemAsync(key))!.Keys);
    }

    [Fact]
    public async Task RecordAttempt_OfAnUnknownEvent_IsRecordedNowhereIfStale()
    {
        var key = new DeliveryKey(await AddTenantAsync(), NewEventId(), NewEndpointId());
        Assert.False(await DeliverAsync(key, number: 2));
        Assert.Null(await ItemAsync(key));
    }

    private ValueTask<bool> RecordAsync(
        Attempt attempt,
        string excerpt,
        DeliveryStatus status,
        string headers = ""
    ) =>
        Events.RecordAttemptAsync(
            attempt with
            {
                Outcome = attempt.Outcome with
                {
                    Duration = TimeSpan.FromSeconds(3),
                    ResponseExcerpt = System.Text.Encoding.UTF8.GetBytes(excerpt),
                    ResponseHeaders = ResponseHeaders.OfLines(
                        System.Text.Encoding.UTF8.GetBytes(headers)
                    ),
                },
            },
            new DeliveryTransition(status, status.IsOpen() ? Now.AddMinutes(1) : null),
            None
        );

    private static (DeliveryStatus Status, int Generation, int Attempts) Stage(Delivery delivery) =>
        (delivery.Status, delivery.Generation, delivery.GenerationAttempts);
}
