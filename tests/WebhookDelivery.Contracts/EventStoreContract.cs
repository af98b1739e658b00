using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Contracts;

/// <summary>What every <see cref="IEventStore"/> keeps: appending and reading. The rest is in the partial files.</summary>
public abstract partial class EventStoreContract : PortContract
{
    [Fact]
    public async Task Append_AnEvent_CanBeReadAsItWas()
    {
        var tenant = await AddTenantAsync();
        var endpoints = new[] { NewEndpointId(), NewEndpointId(), NewEndpointId() };
        var @event = NewEvent(tenant, "a.b", "{\"ä\": [1, 2]}") with
        {
            Source = EventSource.Test,
            OrderingKey = "customer 7",
            Sequence = 42,
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        var result = await Events.AppendAsync(new EventAppend(@event, endpoints, null), None);
        var appended = Assert.IsType<AppendResult.Appended>(result);
        Assert.Equal(@event.Id, appended.EventId);
        Assert.Equal(endpoints, appended.Endpoints);

        var stored = await Events.FindAsync(tenant, @event.Id, None);

        Assert.NotNull(stored);
        Assert.Equal(@event.Payload.ToArray(), stored.Event.Payload.ToArray());
        Assert.Equal(@event, stored.Event with { Payload = @event.Payload });
        Assert.Equal(endpoints.Order(), stored.Deliveries.Select(each => each.Key.EndpointId));
        Assert.All(
            stored.Deliveries,
            delivery =>
                Assert.Equal(
                    new Delivery
                    {
                        Key = new DeliveryKey(tenant, @event.Id, delivery.Key.EndpointId),
                        Status = DeliveryStatus.Pending,
                        Generation = 1,
                        GenerationAttempts = 0,
                        Attempts = 0,
                        NextAttemptAt = Now,
                        UpdatedAt = Now,
                    },
                    delivery
                )
        );
    }

    [Fact]
    public async Task Append_AnEventWithoutTypeOrEndpoints_IsUnrouted()
    {
        var @event = await AppendAsync(NewEvent(await AddTenantAsync(), type: null));
        var stored = await Events.FindAsync(@event.TenantId, @event.Id, None);
        Assert.Null(stored!.Event.Type);
        Assert.Empty(stored.Deliveries);
        Assert.Equal(EventStatus.Unrouted, stored.Status);
    }

    [Fact]
    public async Task Append_WithATimeToDeliver_IsDueThen()
    {
        var @event = NewEvent(await AddTenantAsync()) with { DeliverAt = Now.AddHours(2) };
        await AppendAsync(@event, NewEndpointId());
        var stored = await Events.FindAsync(@event.TenantId, @event.Id, None);
        Assert.Equal(@event.DeliverAt, stored!.Event.DeliverAt);
        Assert.Equal(@event.DeliverAt, Assert.Single(stored.Deliveries).NextAttemptAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20_000)]
    [InlineData(1_500_000)]
    public async Task FindPayload_OfAnySize_IsByteForByte(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var @event = NewEvent(await AddTenantAsync()) with { Payload = payload };
        await AppendAsync(@event);
        var found = await Events.FindPayloadAsync(@event.TenantId, @event.Id, None);
        Assert.NotNull(found);
        Assert.True(found.Value.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Append_TheSameEventTwice_ChangesNothing()
    {
        var @event = NewEvent(await AddTenantAsync());
        var append = new EventAppend(@event, [NewEndpointId()], null);
        await Events.AppendAsync(append, None);
        var key = Assert
            .Single((await Events.FindAsync(@event.TenantId, @event.Id, None))!.Deliveries)
            .Key;
        Assert.True(await DeliverAsync(key));

        var again = await Events.AppendAsync(append, None);

        Assert.Equal(@event.Id, Assert.IsType<AppendResult.Appended>(again).EventId);
        Assert.Equal(DeliveryStatus.Delivered, (await DeliveryAsync(key)).Status);
        Assert.Single((await ListAsync(@event.TenantId)).Events);
    }

    [Fact]
    public async Task Append_SameKeyAndBody_ReplaysTheFirstAnswer()
    {
        var tenant = await AddTenantAsync();
        var first = new EventAppend(
            NewEvent(tenant),
            [NewEndpointId(), NewEndpointId()],
            NewClaim()
        );
        await AppendAndSettleAsync(first);

        var again = await Events.AppendAsync(
            new EventAppend(NewEvent(tenant), [NewEndpointId()], NewClaim()),
            None
        );

        var replayed = Assert.IsType<AppendResult.Replayed>(again);
        Assert.Equal(first.Event.Id, replayed.EventId);
        Assert.Equal(first.Endpoints, replayed.Endpoints);
        Assert.Single((await ListAsync(tenant)).Events);
    }

    [Fact]
    public async Task Append_SameKeyOtherBody_IsKeyReused()
    {
        var tenant = await AddTenantAsync();
        await AppendAndSettleAsync(new EventAppend(NewEvent(tenant), [], NewClaim()));
        var other = await Events.AppendAsync(
            new EventAppend(NewEvent(tenant), [], NewClaim(body: "{ }")),
            None
        );
        Assert.IsType<AppendResult.KeyReused>(other);
        Assert.Single((await ListAsync(tenant)).Events);
    }

    [Fact]
    public async Task Append_SameKeyOfAnotherTenant_IsAnotherKey()
    {
        var one = await AddTenantAsync();
        var other = await AddTenantAsync();
        await AppendAndSettleAsync(new EventAppend(NewEvent(one), [], NewClaim()));
        var result = await AppendAndSettleAsync(
            new EventAppend(NewEvent(other), [], NewClaim(body: "[]"))
        );
        Assert.IsType<AppendResult.Appended>(result);
    }

    [Fact]
    public async Task Append_KeysThatDifferInCase_AreTwoKeys()
    {
        var tenant = await AddTenantAsync();
        await AppendAndSettleAsync(new EventAppend(NewEvent(tenant), [], NewClaim("Kéy")));
        var result = await AppendAndSettleAsync(
            new EventAppend(NewEvent(tenant), [], NewClaim("kéy"))
        );
        Assert.IsType<AppendResult.Appended>(result);
    }

    [Fact]
    public async Task Append_KeyThatHasExpired_StandsForSomethingElse()
    {
        var tenant = await AddTenantAsync();
        await AppendAndSettleAsync(new EventAppend(NewEvent(tenant), [], NewClaim()));

        Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        var before = await Events.AppendAsync(
            new EventAppend(NewEvent(tenant), [], NewClaim()),
            None
        );
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var after = await AppendAndSettleAsync(
            new EventAppend(NewEvent(tenant), [], NewClaim(body: "other"))
        );

        Assert.IsType<AppendResult.Replayed>(before);
        Assert.IsType<AppendResult.Appended>(after);
        Assert.IsType<AppendResult.Replayed>(
            await Events.AppendAsync(
                new EventAppend(NewEvent(tenant), [], NewClaim(body: "other")),
                None
            )
        );
    }

    [Fact]
    public async Task Append_ConcurrentlyUnderOneKey_MakesOneEvent()
    {
        var tenant = await AddTenantAsync();
        var appends = Enumerable
            .Range(0, 16)
            .Select(_ => new EventAppend(NewEvent(tenant), [NewEndpointId()], NewClaim()))
            .ToList();
        var results = await Task.WhenAll(
            appends.Select(append => Task.Run(() => AppendAndSettleAsync(append)))
        );
        var answers = results.Select(result =>
            result switch
            {
                AppendResult.Appended each => (each.EventId, each.Endpoints[0]),
                AppendResult.Replayed each => (each.EventId, each.Endpoints[0]),
                _ => throw new InvalidOperationException("The body was the same."),
            }
        );
        Assert.Single(answers.Distinct());
        Assert.Single((await ListAsync(tenant)).Events);
    }

    [Fact]
    public async Task Settle_Repeated_IsHarmless()
    {
        var tenant = await AddTenantAsync();
        var append = new EventAppend(NewEvent(tenant), [], NewClaim());
        await AppendAndSettleAsync(append);
        await Events.SettleAsync(tenant, append.Idempotency!, append.Event.Id, None);
        Assert.IsType<AppendResult.Replayed>(
            await Events.AppendAsync(append with { Event = NewEvent(tenant) }, None)
        );
    }

    [Fact]
    public async Task Append_ManyAtOnce_StoresEach()
    {
        var tenant = await AddTenantAsync();
        var endpoint = NewEndpointId();
        var events = Enumerable.Range(0, 60).Select(_ => NewEvent(tenant)).ToList();
        await Task.WhenAll(events.Select(each => Task.Run(() => AppendAsync(each, endpoint))));
        Assert.Equal(
            events.Select(each => each.Id).OrderDescending(),
            (await ListAsync(tenant)).Events.Select(each => each.Event.Id)
        );
    }

    [Fact]
    public async Task Reads_OfAnotherTenantsEvent_FindNothing()
    {
        var key = await AppendOneAsync();
        await FailAsync(key, Now.AddMinutes(1));
        var other = await AddTenantAsync();
        Assert.Null(await Events.FindAsync(other, key.EventId, None));
        Assert.Null(await Events.FindPayloadAsync(other, key.EventId, None));
        Assert.Empty(await Events.ListAttemptsAsync(other, key.EventId, None));
        Assert.Empty((await ListAsync(other)).Events);
    }

    [Fact]
    public async Task Reads_OfAnUnknownEvent_FindNothing()
    {
        var tenant = await AddTenantAsync();
        var unknown = NewEventId();
        Assert.Null(await Events.FindAsync(tenant, unknown, None));
        Assert.Null(await Events.FindPayloadAsync(tenant, unknown, None));
        Assert.Empty(await Events.ListAttemptsAsync(tenant, unknown, None));
    }

    [Fact]
    public async Task Writes_UnderAnotherTenant_MoveNothing()
    {
        var key = await AppendOneAsync();
        var foreign = key with { TenantId = await AddTenantAsync() };

        await DeliverAsync(foreign);
        await ParkAsync(foreign);
        Assert.Null(await Events.RestartAsync(foreign, null, null, false, Now, None));
        Assert.Empty(await Events.ResumeAsync(foreign.Endpoint, 10, DuePace.AtOnce(Now), None));
        Assert.Equal(
            0,
            await Events.CancelAsync(foreign.Endpoint, 10, ReasonCode.Cancelled, Now, None)
        );
        Assert.Equal(0, await Events.EraseAsync(foreign.TenantId, 10, None));

        Assert.Equal(DeliveryStatus.Pending, (await DeliveryAsync(key)).Status);
        Assert.Empty(await Events.ListAttemptsAsync(key.TenantId, key.EventId, None));
    }

    protected async Task<AppendResult> AppendAndSettleAsync(EventAppend append)
    {
        var result = await Events.AppendAsync(append, None);
        if (result is AppendResult.Appended appended && append.Idempotency is { } claim)
        {
            await Events.SettleAsync(append.Event.TenantId, claim, appended.EventId, None);
        }

        return result;
    }

    protected ValueTask<EventPage> ListAsync(TenantId tenant) =>
        Events.ListAsync(new EventQuery { TenantId = tenant, Limit = 100 }, None);

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
