using System.Text.Json;

namespace WebhookDelivery.Core.Tests;

/// <summary>What the kinds do beside recovering.</summary>
public sealed class RecoveryKindTests
{
    private static CancellationToken Cancellation => CoreOnSqlite.Cancellation;

    [Fact]
    public async Task Cancel_OfWhatIsToBeMade_CancelsItAtOnce()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        var waiting = await rig.PostAsync(450);
        Assert.Equal(450, await rig.CountAsync(RecoveryKind.Cancel, DeliveryStatus.Pending));

        var recovery = await rig.StartAsync(RecoveryKind.Cancel, DeliveryStatus.Pending);
        Assert.Equal(450, (await rig.GoOnAsync()).Moved);

        var ended = await rig.FindAsync(recovery);
        Assert.Equal(
            (RecoveryStatus.Done, new RecoveryCounts(450, 450, 0, 0)),
            (ended.Status, ended.Counts)
        );
        Assert.All(
            await rig.DeliveriesAsync(waiting.Take(20)),
            each =>
                Assert.Equal(
                    (DeliveryStatus.Cancelled, ReasonCode.Cancelled),
                    (each.Status, each.LastReason)
                )
        );
    }

    [Fact]
    public async Task Cancel_ACrashInTheMiddle_CountsEachOnce()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.PostAsync(100);
        rig.Store.StartsUntilOutage = 33;
        var recovery = await rig.StartAsync(RecoveryKind.Cancel, DeliveryStatus.Pending);
        Assert.Equal(1, (await rig.GoOnAsync()).Failed);
        rig.Store.StartsUntilOutage = int.MaxValue;
        rig.Core.Time.Advance(rig.Core.Get<RecoveryOptions>().Lease);
        await rig.GoOnAsync();

        var ended = await rig.FindAsync(recovery);
        Assert.Equal(
            (RecoveryStatus.Done, new RecoveryCounts(100, 100, 0, 0)),
            (ended.Status, ended.Counts)
        );
    }

    [Fact]
    public async Task Cancel_OfWhatWasStartedAfterItWasPlanned_LeavesThatAlone()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        var id = (await rig.PostAsync(1))[0];
        rig.Store.StartsUntilOutage = 0;
        var recovery = await rig.StartAsync(RecoveryKind.Cancel, DeliveryStatus.Pending);
        Assert.Equal(1, (await rig.GoOnAsync()).Failed);
        rig.Store.StartsUntilOutage = int.MaxValue;
        await rig.DeliverAsync(1);
        var restart = new DeliveryRestart
        {
            Key = new(rig.Endpoint.TenantId, id, rig.Endpoint.EndpointId),
            Source = EventSource.Redeliver,
            DueAt = rig.Core.Time.GetUtcNow(),
            Now = rig.Core.Time.GetUtcNow(),
        };
        Assert.NotNull(await rig.Core.Store.RestartAsync(restart, Cancellation));
        rig.Core.Time.Advance(rig.Core.Get<RecoveryOptions>().Lease);

        await rig.GoOnAsync();

        var ended = await rig.FindAsync(recovery);
        Assert.Equal(
            (RecoveryStatus.Done, new RecoveryCounts(1, 0, 1, 0)),
            (ended.Status, ended.Counts)
        );
        Assert.Equal(DeliveryStatus.Pending, (await rig.Core.DeliveryOfAsync(id)).Status);
    }

    [Fact]
    public async Task Replay_ToAYoungerEndpoint_DeliversWhatItTakesNow()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        var before = await rig.PostAsync(130);
        await rig.DeliverAsync(130);
        var made = Assert.IsType<EndpointResult.Done>(
            await rig.Core.Endpoints.CreateAsync(
                CoreOnSqlite.Acme,
                new EndpointDraft { Url = "https://new.example/hook" },
                Cancellation
            )
        );
        var after = await rig.PostAsync(1);
        await rig.DeliverAsync(2);
        var filter = new RecoveryFilter { Since = rig.Core.Time.GetUtcNow().AddDays(-1) };
        var key = made.Endpoint.Key;
        var count = await rig.Recoveries.CountAsync(key, RecoveryKind.Replay, filter, Cancellation);
        Assert.Equal(new RecoveryCount(130, true), count);

        rig.Store.StartsUntilOutage = 17;
        await rig.Recoveries.StartAsync(key, RecoveryKind.Replay, filter, Cancellation);
        for (var i = 0; i < 30; i++)
        {
            await rig.GoOnAsync();
            rig.Core.Time.Advance(TimeSpan.FromSeconds(10));
            rig.Store.StartsUntilOutage = int.MaxValue;
        }

        var ended = Assert.Single(await rig.Recoveries.ListAsync(key, null, 10, Cancellation));
        Assert.Equal(
            (RecoveryStatus.Done, new RecoveryCounts(130, 130, 0, 0)),
            (ended.Status, ended.Counts)
        );
        foreach (var id in before)
        {
            Assert.Equal(EventSource.Replay, (await ToAsync(rig, id, key)).Source);
        }

        Assert.Equal(EventSource.Live, (await ToAsync(rig, after[0], key)).Source);
    }

    [Fact]
    public async Task Replay_OfTypesThatTheEndpointLeavesOut_FindsNothing()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.PostAsync(3);
        var made = Assert.IsType<EndpointResult.Done>(
            await rig.Core.Endpoints.CreateAsync(
                CoreOnSqlite.Acme,
                new EndpointDraft
                {
                    Url = "https://new.example/hook",
                    EventTypes = EventTypeFilter.Parse(["invoice.*"], out _)!,
                },
                Cancellation
            )
        );
        Assert.Equal(
            new RecoveryCount(0, true),
            await rig.Recoveries.CountAsync(
                made.Endpoint.Key,
                RecoveryKind.Replay,
                new(),
                Cancellation
            )
        );
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    public async Task Replay_ToAnEndpointWithAContentFilter_CountsWhatItTakes(
        bool operational,
        long expected
    )
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        foreach (var amount in new[] { 5, 50, 500 })
        {
            rig.Core.Time.Advance(TimeSpan.FromMilliseconds(1));
            await rig.Core.PostAsync($$"""{"type":"order.created","amount":{{amount}}}""");
        }

        var made = Assert.IsType<EndpointResult.Done>(
            await rig.Core.Endpoints.CreateAsync(
                CoreOnSqlite.Acme,
                new EndpointDraft
                {
                    Url = "https://new.example/hook",
                    Operational = operational,
                    Filter = PayloadFilter.Parse(
                        JsonElement.Parse("""{"field":"amount","gte":50}"""),
                        out _
                    ),
                },
                Cancellation
            )
        );
        Assert.Equal(
            new RecoveryCount(expected, true),
            await rig.Recoveries.CountAsync(
                made.Endpoint.Key,
                RecoveryKind.Replay,
                new(),
                Cancellation
            )
        );
    }

    [Fact]
    public async Task Enabling_OfAnEndpointWithABacklog_ResumesItAtAPaceAndLeavesNothing()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await SetDisabledAsync(rig, true);
        var parked = await rig.PostAsync(75);
        await rig.DeliverAsync(75);
        Assert.All(
            await rig.DeliveriesAsync(parked),
            each => Assert.Equal(DeliveryStatus.Parked, each.Status)
        );
        await SetDisabledAsync(rig, false);
        var sweeper = rig.Core.Get<Sweeper>();

        // Ten at once, and the rest over the minute until it sweeps again.
        Assert.Equal(75, (await sweeper.SweepAsync(Cancellation)).Resumed);
        await rig.DeliverAsync(10);
        Assert.True(await rig.Core.NothingDueAsync());
        rig.Core.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.DeliverAsync(65);

        Assert.All(
            await rig.DeliveriesAsync(parked),
            each => Assert.Equal((DeliveryStatus.Delivered, 1), (each.Status, each.Generation))
        );
        rig.Core.Time.Advance(TimeSpan.FromMinutes(1));
        await sweeper.SweepAsync(Cancellation);
        await sweeper.SweepAsync(Cancellation);
        var resume = Assert.Single(
            await rig.Recoveries.ListAsync(rig.Endpoint, null, 10, Cancellation)
        );
        Assert.Equal(
            (RecoveryKind.Resume, RecoveryStatus.Done, 75),
            (resume.Kind, resume.Status, resume.Counts.Moved)
        );
        Assert.Empty(await rig.Core.Get<ITenantStore>().ListBacklogActionsAsync(10, Cancellation));
    }

    [Fact]
    public async Task Resume_OfAnEndpointThatIsChangedMeanwhile_StaysTheOnlyOne()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await SetDisabledAsync(rig, true);
        await rig.PostAsync(40);
        await rig.DeliverAsync(40);
        await SetDisabledAsync(rig, false);
        var runner = rig.Core.Get<RecoveryRunner>();
        var tenants = rig.Core.Get<ITenantStore>();
        for (var i = 0; i < 5; i++)
        {
            rig.Core.Time.Advance(TimeSpan.FromMilliseconds(1));
            await rig.Core.Endpoints.UpdateAsync(
                rig.Endpoint,
                new EndpointPatch { MaxInFlight = i + 1 },
                Cancellation
            );
            var endpoint = await tenants.FindEndpointAsync(rig.Endpoint, Cancellation);
            Assert.False(await runner.ResumeAsync(endpoint!, Cancellation));
        }

        Assert.Single(await rig.Recoveries.ListAsync(rig.Endpoint, null, 10, Cancellation));
    }

    [Fact]
    public async Task Resume_OnRequestToStop_SaysThatItEndsByItself()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await SetDisabledAsync(rig, true);
        await SetDisabledAsync(rig, false);
        await rig.Core.Get<Sweeper>().SweepAsync(Cancellation);
        var resume = Assert.Single(
            await rig.Recoveries.ListAsync(rig.Endpoint, null, 10, Cancellation)
        );

        var stop = await rig.Recoveries.StopAsync(rig.Endpoint, resume.Id, Cancellation);

        Assert.IsType<RecoveryStop.IsResume>(stop);
    }

    [Fact]
    public async Task Sweep_AMonthAfterItsEnd_ForgetsARecovery()
    {
        await using var rig = await RecoveryOnSqlite.CreateAsync();
        await rig.StartAsync();
        await rig.GoOnAsync();
        var sweeper = rig.Core.Get<Sweeper>();
        rig.Core.Time.Advance(TimeSpan.FromDays(30));
        await sweeper.SweepAsync(Cancellation);
        Assert.Single(await rig.Recoveries.ListAsync(rig.Endpoint, null, 10, Cancellation));

        rig.Core.Time.Advance(TimeSpan.FromMilliseconds(1));
        await sweeper.SweepAsync(Cancellation);

        Assert.Empty(await rig.Recoveries.ListAsync(rig.Endpoint, null, 10, Cancellation));
    }

    private static async Task<Delivery> ToAsync(RecoveryOnSqlite rig, EventId id, EndpointKey to) =>
        Assert.Single(
            (await rig.Core.Store.FindAsync(to.TenantId, id, Cancellation))!.Deliveries,
            each => each.Key.EndpointId == to.EndpointId
        );

    private static async Task SetDisabledAsync(RecoveryOnSqlite rig, bool disabled) =>
        await rig.Core.Endpoints.UpdateAsync(
            rig.Endpoint,
            new EndpointPatch { Disabled = disabled },
            Cancellation
        );
}
