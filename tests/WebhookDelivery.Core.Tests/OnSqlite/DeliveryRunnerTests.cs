namespace WebhookDelivery.Core.Tests;

public sealed class DeliveryRunnerTests
{
    [Fact]
    public async Task Run_ReceiverAnswers200_IsDeliveredWithOneAttempt()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();

        await core.RunNextAsync();

        var delivery = await core.DeliveryOfAsync(id);
        Assert.Equal(DeliveryStatus.Delivered, delivery.Status);
        Assert.Equal(1, delivery.Attempts);
        Assert.Null(delivery.NextAttemptAt);
        Assert.Equal(ReasonCode.Delivered, delivery.LastReason);
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Run_EveryAttemptFails_FollowsTheScheduleThenDeadLetters()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        core.Sender.Always(500);
        var id = await core.PostAsync();

        foreach (var minutes in new[] { 1, 2, 4, 8, 16 })
        {
            await core.RunNextAsync();
            var failed = await core.DeliveryOfAsync(id);
            Assert.Equal(DeliveryStatus.Failed, failed.Status);
            Assert.Equal(core.Time.GetUtcNow().AddMinutes(minutes), failed.NextAttemptAt);
            core.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromMilliseconds(1));
            Assert.True(await core.NothingDueAsync());
            core.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await core.RunNextAsync();
        var dead = await core.DeliveryOfAsync(id);
        Assert.Equal(DeliveryStatus.DeadLetter, dead.Status);
        Assert.Equal(6, dead.Attempts);
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Run_EachAttempt_IsSignedAfreshUnderTheSameId()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        core.Sender.Always(500);
        var id = await core.PostAsync();
        await core.RunNextAsync();
        core.Time.Advance(TimeSpan.FromMinutes(1));
        await core.RunNextAsync();

        string Header(int request, string name) =>
            core.Sender.Requests[request].Headers.Single(header => header.Key == name).Value;
        Assert.Equal(id.ToString(), Header(0, "webhook-id"));
        Assert.Equal(id.ToString(), Header(1, "webhook-id"));
        Assert.Equal("1", Header(0, "webhook-attempt"));
        Assert.Equal("2", Header(1, "webhook-attempt"));
        Assert.NotEqual(Header(0, "webhook-signature"), Header(1, "webhook-signature"));
        Assert.Equal(
            core.Time.GetUtcNow().ToUnixTimeSeconds().ToString(),
            Header(1, "webhook-timestamp")
        );
    }

    [Fact]
    public async Task Run_ReceiverAnswers410_DeadLettersAndDisablesTheEndpoint()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        core.Sender.Always(410);
        var id = await core.PostAsync();
        await core.RunNextAsync();

        Assert.Equal(DeliveryStatus.DeadLetter, (await core.DeliveryOfAsync(id)).Status);
        var stored = await core.Get<ITenantStore>()
            .FindEndpointAsync(endpoint.Key, CoreOnSqlite.Cancellation);
        Assert.True(stored!.Disabled);
        Assert.Equal(ReasonCode.EndpointGone, stored.DisabledReason);
    }

    [Fact]
    public async Task Run_410FromAnUrlThatWasCorrectedMeanwhile_LeavesTheEndpointEnabled()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        await core.PostAsync();
        core.Sender.Script = async (_, cancellation) =>
        {
            await core.Endpoints.UpdateAsync(
                endpoint.Key,
                new EndpointPatch { Url = "https://moved.example/" },
                cancellation
            );
            return ScriptedSender.Answer(410);
        };
        await core.RunNextAsync();

        var stored = await core.Get<ITenantStore>()
            .FindEndpointAsync(endpoint.Key, CoreOnSqlite.Cancellation);
        Assert.False(stored!.Disabled);
    }

    [Fact]
    public async Task Run_EndpointMadeByAnotherProcess_IsDeliveredNotCancelled()
    {
        await using var core = new CoreOnSqlite(cacheFor: TimeSpan.FromSeconds(10));
        var known = await core.AddTenantAsync();
        await core.PostAsync();
        await core.RunNextAsync();

        // Another process writes to the store; this one's cache is not told.
        var other = new TenantDirectory(
            core.Get<ITenantStore>(),
            core.Get<EndpointVault>(),
            core.Time,
            new TenantDirectoryOptions()
        );
        using var elsewhere = new EndpointAdministration(
            core.Get<ITenantStore>(),
            other,
            core.Get<EndpointVault>(),
            core.Get<IIdSource>(),
            core.Time,
            new EndpointOptions(),
            new BacklogSignal()
        );
        var made = Assert.IsType<EndpointResult.Done>(
            await elsewhere.CreateAsync(
                CoreOnSqlite.Acme,
                new EndpointDraft { Url = "https://new.example/" },
                CoreOnSqlite.Cancellation
            )
        );
        var outcome = await new EventIngestor(
            other,
            core.Store,
            core.Queue,
            core.Get<DeliveryStatistics>(),
            core.Get<IIdSource>(),
            core.Time
        ).IngestAsync(
            new IngestRequest
            {
                TenantId = CoreOnSqlite.Acme,
                Payload = "{}"u8.ToArray(),
                OnlyTo = made.Endpoint.Key.EndpointId,
            },
            CoreOnSqlite.Cancellation
        );
        await core.RunNextAsync();
        var id = Assert.IsType<IngestOutcome.Accepted>(outcome).EventId;
        Assert.Equal(DeliveryStatus.Delivered, (await core.DeliveryOfAsync(id)).Status);
        Assert.NotEqual(known.Key, made.Endpoint.Key);
    }

    [Fact]
    public async Task Post_EnqueuesWithTheNumberOfItsCommit()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        await core.PostAsync();
        await core.PostAsync();

        var claims = await core.Queue.ReceiveAsync(1, CoreOnSqlite.Cancellation);
        var later = await core.Queue.ReceiveAsync(1, CoreOnSqlite.Cancellation);

        Assert.InRange(Assert.Single(claims).Due.CommitNumber, 1, long.MaxValue);
        Assert.True(Assert.Single(later).Due.CommitNumber > claims[0].Due.CommitNumber);
    }

    [Fact]
    public async Task Run_ReceiverThrottlesForLonger_WaitsAsAsked()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        core.Sender.Script = (_, _) => new(ScriptedSender.Answer(429, TimeSpan.FromHours(3)));
        var id = await core.PostAsync();
        await core.RunNextAsync();
        Assert.Equal(
            core.Time.GetUtcNow().AddHours(3),
            (await core.DeliveryOfAsync(id)).NextAttemptAt
        );
    }

    [Fact]
    public async Task Run_EndpointDisabled_ParksWithoutAnAttemptAndResumesWhenEnabled()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        await SetDisabledAsync(core, endpoint.Key, true);
        var id = await core.PostAsync();
        await core.RunNextAsync();
        Assert.Equal(DeliveryStatus.Parked, (await core.DeliveryOfAsync(id)).Status);
        Assert.Empty(core.Sender.Requests);

        await SetDisabledAsync(core, endpoint.Key, false);
        var swept = await core.Get<Sweeper>().SweepAsync(CoreOnSqlite.Cancellation);
        Assert.Equal(1, swept.Resumed);
        await core.RunNextAsync();
        Assert.Equal(DeliveryStatus.Delivered, (await core.DeliveryOfAsync(id)).Status);
    }

    [Fact]
    public async Task Run_EndpointEnabledWhileItParks_ResumesNoMoreThanItParked()
    {
        FaultyEventStore? store = null;
        await using var core = new CoreOnSqlite(wrap: inner => store = new(inner));
        var endpoint = await core.AddTenantAsync();
        await SetDisabledAsync(core, endpoint.Key, true);
        var ids = new List<EventId>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await core.PostAsync());
        }

        for (var i = 0; i < 5; i++)
        {
            await core.RunNextAsync();
        }

        store!.BeforeSettingAside = () => SetDisabledAsync(core, endpoint.Key, false);
        await core.RunNextAsync();

        var parked = 0;
        foreach (var id in ids)
        {
            parked += (await core.DeliveryOfAsync(id)).Status == DeliveryStatus.Parked ? 1 : 0;
        }

        Assert.Equal(5, parked);
    }

    [Fact]
    public async Task Run_EndpointDeleted_Cancels()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        var id = await core.PostAsync();
        var claim = await core.ReceiveAsync();
        await core.Endpoints.DeleteAsync(endpoint.Key, CoreOnSqlite.Cancellation);

        await core.RunAsync(claim, CoreOnSqlite.Cancellation);
        Assert.Equal(DeliveryStatus.Cancelled, (await core.DeliveryOfAsync(id)).Status);
        Assert.Empty(core.Sender.Requests);
    }

    [Fact]
    public async Task Run_BreakerOpen_WritesNothingAndUsesUpNothing()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var until = core.Time.GetUtcNow().AddSeconds(10);
        core.Sender.Script = (_, _) => new(new SendResult.Postponed(until));
        var id = await core.PostAsync();
        var before = await core.DeliveryOfAsync(id);

        var result = await core.RunNextAsync();
        Assert.Equal(until, result.PostponedUntil);
        Assert.Equal(before, await core.DeliveryOfAsync(id));
        Assert.Empty(
            await core.Store.ListAttemptsAsync(CoreOnSqlite.Acme, id, CoreOnSqlite.Cancellation)
        );
    }

    [Fact]
    public async Task Run_RedeliveredMeanwhile_RecordsTheAttemptButMovesNothing()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        var claim = await core.ReceiveAsync();
        core.Sender.Script = async (_, cancellation) =>
        {
            await core.Get<Redeliverer>().RedeliverAsync(CoreOnSqlite.Acme, id, null, cancellation);
            return ScriptedSender.Answer(500);
        };
        await core.RunAsync(claim, CoreOnSqlite.Cancellation);

        var delivery = await core.DeliveryOfAsync(id);
        Assert.Equal(DeliveryStatus.Pending, delivery.Status);
        Assert.Equal(2, delivery.Generation);
        Assert.Equal(0, delivery.GenerationAttempts);
        Assert.Single(
            await core.Store.ListAttemptsAsync(CoreOnSqlite.Acme, id, CoreOnSqlite.Cancellation)
        );

        core.Sender.Always(200);
        await core.RunNextAsync();
        Assert.Equal(DeliveryStatus.Delivered, (await core.DeliveryOfAsync(id)).Status);
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Run_Aborted_LeavesTheDeliveryOpen()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var id = await core.PostAsync();
        var claim = await core.ReceiveAsync();
        using var abort = new CancellationTokenSource();
        core.Sender.Script = async (_, cancellation) =>
        {
            await abort.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            return ScriptedSender.Answer(200);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await core.RunAsync(claim, abort.Token)
        );
        var delivery = await core.DeliveryOfAsync(id);
        Assert.Equal(DeliveryStatus.Pending, delivery.Status);
        Assert.Equal(0, delivery.Attempts);
    }

    [Fact]
    public async Task Run_OutcomeCannotBeStored_HoldsTheDispatcherAndStoresItLater()
    {
        FaultyEventStore? faulty = null;
        await using var core = new CoreOnSqlite(wrap: store =>
            faulty = new FaultyEventStore(store)
        );
        await core.AddTenantAsync();
        var first = await core.PostAsync();
        await core.PostAsync();
        var claim = await core.ReceiveAsync();
        faulty!.RecordFailures = 3;
        var running = core.RunAsync(claim, CoreOnSqlite.Cancellation).AsTask();

        var dispatcher = core.Get<Dispatcher>();
        dispatcher.Offer(
            await core.ReceiveAsync(),
            new EndpointLimits(1, null),
            core.Time.GetUtcNow()
        );
        Assert.False(dispatcher.TryTake(core.Time.GetUtcNow(), out _));
        for (var i = 0; i < 3; i++)
        {
            Assert.False(running.IsCompleted);
            core.Time.Advance(TimeSpan.FromSeconds(5));
        }

        await running;
        Assert.True(dispatcher.TryTake(core.Time.GetUtcNow(), out _));
        Assert.Equal(DeliveryStatus.Delivered, (await core.DeliveryOfAsync(first)).Status);
        Assert.Single(core.Sender.Requests);
    }

    private static async Task SetDisabledAsync(CoreOnSqlite core, EndpointKey key, bool disabled) =>
        Assert.IsType<EndpointResult.Done>(
            await core.Endpoints.UpdateAsync(
                key,
                new EndpointPatch { Disabled = disabled },
                CoreOnSqlite.Cancellation
            )
        );
}
