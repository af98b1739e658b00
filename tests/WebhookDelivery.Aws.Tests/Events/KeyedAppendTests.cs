using System.Diagnostics;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

public sealed class KeyedAppendTests : EventStoreRig
{
    protected override int SdkRetries => 2;

    private IdempotencyKeys Keys => new(Items);

    [Fact]
    public async Task Append_WhileAnotherIsAtIt_WaitsAndReplays()
    {
        var tenant = await AddTenantAsync();
        var first = NewAppend(tenant);
        await Events.AppendAsync(first, None);
        var second = Task.Run(async () => await Events.AppendAsync(NewAppend(tenant), None));
        await Until.HoldsAsync(
            () => new(Proxy.Of("GetItem").Count >= 2),
            TimeSpan.FromSeconds(2),
            () => "the second request looks at the key"
        );
        Assert.False(second.IsCompleted);

        await Events.SettleAsync(tenant, first.Idempotency!, first.Event.Id, None);

        var replayed = Assert.IsType<AppendResult.Replayed>(await second);
        Assert.Equal(first.Event.Id, replayed.EventId);
        Assert.Equal(first.Endpoints, replayed.Endpoints);
    }

    [Fact]
    public async Task Append_WhileAnotherStaysAtIt_GivesUpAfterTwoSeconds()
    {
        var tenant = await AddTenantAsync();
        await Events.AppendAsync(NewAppend(tenant), None);
        var since = Stopwatch.GetTimestamp();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await Events.AppendAsync(NewAppend(tenant), None)
        );

        Assert.InRange(
            Stopwatch.GetElapsedTime(since),
            KeyedAppends.WaitMax,
            KeyedAppends.WaitMax * 5
        );
        // The key was tried for once; from there on it was read.
        Assert.Equal(3, Proxy.Of("PutItem").Count);
    }

    [Fact]
    public async Task Append_WithAnotherBodyWhileTheFirstIsUnderWay_IsKeyReused()
    {
        var tenant = await AddTenantAsync();
        await Events.AppendAsync(NewAppend(tenant), None);
        var other = NewAppend(tenant) with { Idempotency = NewClaim(body: "other") };
        Assert.IsType<AppendResult.KeyReused>(await Events.AppendAsync(other, None));
    }

    [Fact]
    public async Task Append_AfterTheFirstDiedBeforeItsEvent_WritesThatEvent()
    {
        var tenant = await AddTenantAsync();
        var first = NewAppend(tenant);
        Assert.True(await StartAsync(first));
        Time.Advance(Options.IdempotencyLease);
        var second = NewAppend(tenant);

        var appended = Assert.IsType<AppendResult.Appended>(await Events.AppendAsync(second, None));

        Assert.Equal(first.Event.Id, appended.EventId);
        Assert.Equal(first.Endpoints, appended.Endpoints);
        var stored = await Events.FindAsync(tenant, first.Event.Id, None);
        Assert.Equal(first.Event.CreatedAt, stored!.Event.CreatedAt);
        Assert.Equal(first.Event.RoutingRevision, stored.Event.RoutingRevision);
        Assert.Equal(first.Event.Payload.ToArray(), stored.Event.Payload.ToArray());
        Assert.Equal(
            first.Endpoints.Order(),
            stored.Deliveries.Select(delivery => delivery.Key.EndpointId)
        );
        Assert.Null(await Events.FindAsync(tenant, second.Event.Id, None));
    }

    [Fact]
    public async Task Append_AfterTheFirstDiedBeforeItWasSettled_EnqueuesTheSameEvent()
    {
        var tenant = await AddTenantAsync();
        var first = NewAppend(tenant);
        await Events.AppendAsync(first, None);
        Time.Advance(Options.IdempotencyLease);

        var result = await AppendAndSettleAsync(NewAppend(tenant));

        Assert.Equal(first.Event.Id, Assert.IsType<AppendResult.Appended>(result).EventId);
        Assert.IsType<AppendResult.Replayed>(await Events.AppendAsync(NewAppend(tenant), None));
        var page = await Events.ListAsync(new EventQuery { TenantId = tenant, Limit = 10 }, None);
        Assert.Single(page.Events);
    }

    [Fact]
    public async Task Append_ByManyAfterTheFirstDied_IsTakenOverByOne()
    {
        var tenant = await AddTenantAsync();
        var first = NewAppend(tenant);
        Assert.True(await StartAsync(first));
        Time.Advance(Options.IdempotencyLease);

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => NewAppend(tenant))
                .ToList()
                .Select(append => Task.Run(() => AppendAndSettleAsync(append)))
        );

        Assert.Single(results.OfType<AppendResult.Appended>());
        Assert.All(
            results.OfType<AppendResult.Replayed>(),
            replayed => Assert.Equal(first.Event.Id, replayed.EventId)
        );
        Assert.Equal(7, results.OfType<AppendResult.Replayed>().Count());
    }

    [Fact]
    public async Task Append_OfTheSameEventAgain_NeedNotWait()
    {
        var append = NewAppend(await AddTenantAsync());
        await Events.AppendAsync(append, None);
        var again = Assert.IsType<AppendResult.Appended>(await Events.AppendAsync(append, None));
        Assert.Equal(append.Event.Id, again.EventId);
    }

    [Fact]
    public async Task Append_WhoseAnswersAreLost_MakesOneEvent()
    {
        var append = NewAppend(await AddTenantAsync());
        using var fault = Proxy.On("PutItem", AwsFault.DropAfter(), times: 1);
        Assert.IsType<AppendResult.Appended>(await AppendAndSettleAsync(append));
        Assert.NotNull(await Events.FindAsync(append.Event.TenantId, append.Event.Id, None));
    }

    [Fact]
    public async Task Settle_AfterTheKeyStandsForAnother_LeavesThatAlone()
    {
        var tenant = await AddTenantAsync();
        var first = NewAppend(tenant);
        await Events.AppendAsync(first, None);
        Time.Advance(TimeSpan.FromHours(24));
        var second = NewAppend(tenant);
        Assert.IsType<AppendResult.Appended>(await Events.AppendAsync(second, None));

        await Events.SettleAsync(tenant, first.Idempotency!, first.Event.Id, None);

        var record = await Keys.FindAsync(tenant, "key-1", Now, None);
        Assert.Equal((second.Event.Id, false), (record!.EventId, record.IsDone));
    }

    [Fact]
    public async Task Erase_ATenant_ForgetsItsKeys()
    {
        var tenant = await AddTenantAsync();
        await AppendAndSettleAsync(NewAppend(tenant));
        while (await Events.EraseAsync(tenant, 10, None) > 0) { }
        Assert.Empty(await ScanAsync());
    }

    [Fact]
    public async Task Erase_OfMoreKeysThanItsLimit_DeletesThemInPieces()
    {
        var tenant = await AddTenantAsync();
        for (var i = 0; i < 9; i++)
        {
            await AppendAndSettleAsync(
                NewAppend(tenant) with
                {
                    Idempotency = NewClaim($"key-{i}"),
                }
            );
        }

        var lefts = new List<int>();
        while (await Events.EraseAsync(tenant, 4, None) > 0)
        {
            lefts.Add((await ScanAsync()).Count);
        }

        // 9 events in 3 steps, then 9 keys, the last of which goes in the step that says 0.
        Assert.Equal([14, 10, 9, 5, 1], lefts);
        Assert.Empty(await ScanAsync());
    }

    private EventAppend NewAppend(TenantId tenant) =>
        new(NewEvent(tenant), [NewEndpointId(), NewEndpointId()], NewClaim());

    private Task<bool> StartAsync(EventAppend append) =>
        Keys.TryStartAsync(
            append.Event.TenantId,
            append.Idempotency!.Key,
            new KeyRecord(
                append.Event.Id,
                append.Endpoints,
                append.Event.RoutingRevision,
                append.Idempotency.BodyHash,
                IsDone: false,
                Now + Options.IdempotencyLease,
                append.Idempotency.ExpiresAt
            ),
            Now,
            None
        );

    private async Task<AppendResult> AppendAndSettleAsync(EventAppend append)
    {
        var result = await Events.AppendAsync(append, None);
        if (result is AppendResult.Appended appended)
        {
            var (tenant, claim) = (append.Event.TenantId, append.Idempotency!);
            await Events.SettleAsync(tenant, claim, appended.EventId, None);
        }

        return result;
    }
}
