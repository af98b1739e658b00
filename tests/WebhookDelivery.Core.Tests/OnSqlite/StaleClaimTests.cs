namespace WebhookDelivery.Core.Tests;

/// <summary>What was cancelled, started anew or parked while it was queued is not attempted as it was.</summary>
public sealed class StaleClaimTests
{
    [Fact]
    public async Task Cancel_WhatIsQueued_IsNeverAttempted()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();

        await CancelAsync(core, id);

        Assert.True(await core.NothingDueAsync());
        Assert.Equal(DeliveryStatus.Cancelled, (await core.DeliveryOfAsync(id)).Status);
        Assert.Empty(core.Sender.Requests);
    }

    [Fact]
    public async Task Cancel_WhatIsClaimed_IsNotAttempted()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        var claim = await core.ReceiveAsync();

        await CancelAsync(core, id);
        await core.RunAsync(claim, CoreOnSqlite.Cancellation);

        Assert.Empty(core.Sender.Requests);
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Cancel_WhileItsPayloadIsRead_IsNotAttempted()
    {
        FaultyEventStore? store = null;
        await using var core = new CoreOnSqlite(wrap: inner => store = new FaultyEventStore(inner));
        await core.AddTenantAsync();
        var id = await core.PostAsync($$"""{"long":"{{new string('x', 100_000)}}"}""");
        var reads = 0;
        store!.WhilePayloadIsRead = () =>
        {
            reads++;
            return CancelAsync(core, id);
        };

        await core.RunNextAsync();

        Assert.Equal(1, reads);
        Assert.Empty(core.Sender.Requests);
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Cancel_DuringTheAttempt_RecordsItAndSchedulesNothing()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        core.Sender.Script = async (_, _) =>
        {
            await CancelAsync(core, id);
            return ScriptedSender.Answer(500);
        };

        await core.RunNextAsync();

        Assert.Equal(DeliveryStatus.Cancelled, (await core.DeliveryOfAsync(id)).Status);
        Assert.Single(
            await core.Store.ListAttemptsAsync(CoreOnSqlite.Acme, id, CoreOnSqlite.Cancellation)
        );
        core.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Cancel_BetweenAttempts_EndsTheSchedule()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        core.Sender.Always(500);
        var id = await core.PostAsync();
        await core.RunNextAsync();

        await CancelAsync(core, id);

        core.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(await core.NothingDueAsync());
        Assert.Single(core.Sender.Requests);
    }

    [Fact]
    public async Task Redeliver_WhatIsClaimed_IsAttemptedOnceAtItsNewStage()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        var claim = await core.ReceiveAsync();

        Assert.IsType<Redelivery.Started>(
            await core.Get<Redeliverer>()
                .RedeliverAsync(CoreOnSqlite.Acme, id, null, CoreOnSqlite.Cancellation)
        );
        await core.RunAsync(claim, CoreOnSqlite.Cancellation);
        Assert.Empty(core.Sender.Requests);
        await core.RunNextAsync();

        Assert.Single(core.Sender.Requests);
        var delivery = await core.DeliveryOfAsync(id);
        Assert.Equal(
            (DeliveryStatus.Delivered, 2, EventSource.Redeliver),
            (delivery.Status, delivery.Generation, delivery.Source)
        );
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Redeliver_ToADisabledEndpointWhileItIsClaimed_IsParkedUnattempted()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        var id = await core.PostAsync();
        var claim = await core.ReceiveAsync();
        await core.Endpoints.DisableAsync(
            endpoint,
            ReasonCode.EndpointGone,
            CoreOnSqlite.Cancellation
        );

        Assert.IsType<Redelivery.Started>(
            await core.Get<Redeliverer>()
                .RedeliverAsync(CoreOnSqlite.Acme, id, null, CoreOnSqlite.Cancellation)
        );

        Assert.True(claim.IsWithdrawn);
        await core.RunAsync(claim, CoreOnSqlite.Cancellation);
        Assert.Equal(DeliveryStatus.Parked, (await core.DeliveryOfAsync(id)).Status);
        Assert.Empty(core.Sender.Requests);
    }

    [Fact]
    public async Task Run_ALeasedRetryThatIsStillDue_IsAttempted()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        core.Sender.Always(500);
        var id = await core.PostAsync();
        await core.RunNextAsync();
        core.Time.Advance(TimeSpan.FromMinutes(1));
        var claim = await core.ReceiveAsync() with
        {
            LeaseEndsAt = core.Time.GetUtcNow().AddHours(1),
        };

        await core.RunAsync(claim, CoreOnSqlite.Cancellation);
        await core.RunAsync(claim, CoreOnSqlite.Cancellation);

        Assert.Equal(2, core.Sender.Requests.Count);
        Assert.Equal(2, (await core.DeliveryOfAsync(id)).Attempts);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(61, false)]
    public async Task Run_ALeasedFirstAttemptThatWasCancelled_IsLookedUpOnceItIsOld(
        int secondsQueued,
        bool isAttempted
    )
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        core.Time.Advance(TimeSpan.FromSeconds(secondsQueued));
        var claim = await core.ReceiveAsync() with
        {
            LeaseEndsAt = core.Time.GetUtcNow().AddHours(1),
        };
        // The queue is not told, as one that others share would not be.
        Assert.True(
            await core.Store.CancelDeliveryAsync(
                claim.Due.Key,
                generation: null,
                ReasonCode.Cancelled,
                core.Time.GetUtcNow(),
                CoreOnSqlite.Cancellation
            )
        );

        await core.RunAsync(claim, CoreOnSqlite.Cancellation);

        Assert.Equal(isAttempted ? 1 : 0, core.Sender.Requests.Count);
        Assert.Equal(DeliveryStatus.Cancelled, (await core.DeliveryOfAsync(id)).Status);
    }

    [Fact]
    public async Task Cancel_WhatIsOver_ChangesNothing()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        await core.RunNextAsync();

        Assert.IsType<Cancellation.NothingToCancel>(await AskAsync(core, id));
        Assert.IsType<Cancellation.NotFound>(await AskAsync(core, Sample.EventId(1)));
        Assert.Equal(DeliveryStatus.Delivered, (await core.DeliveryOfAsync(id)).Status);
    }

    private static async Task CancelAsync(CoreOnSqlite core, EventId id) =>
        Assert.Single(Assert.IsType<Cancellation.Done>(await AskAsync(core, id)).Endpoints);

    private static ValueTask<Cancellation> AskAsync(CoreOnSqlite core, EventId id) =>
        core.Get<DeliveryCanceller>()
            .CancelAsync(CoreOnSqlite.Acme, id, null, CoreOnSqlite.Cancellation);
}
