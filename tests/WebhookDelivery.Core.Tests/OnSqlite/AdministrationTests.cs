namespace WebhookDelivery.Core.Tests;

public sealed class AdministrationTests
{
    [Fact]
    public async Task Create_ManyEndpointsAtOnce_StopsAtTheLimit()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 80)
                .Select(i =>
                    Task.Run(async () =>
                        await core.Endpoints.CreateAsync(
                            CoreOnSqlite.Acme,
                            new EndpointDraft { Url = $"https://e{i}.example/" },
                            CoreOnSqlite.Cancellation
                        )
                    )
                )
        );
        Assert.Equal(49, results.OfType<EndpointResult.Done>().Count());
        Assert.Equal(31, results.OfType<EndpointResult.LimitReached>().Count());
    }

    [Fact]
    public async Task Create_AfterAsManyDeletions_IsRefusedUntilTheirTimeIsOver()
    {
        var limits = new EndpointOptions { DeletedPerTenantMax = 3 };
        await using var core = new CoreOnSqlite(endpoints: limits);
        await core.AddTenantAsync();
        for (var i = 0; i < limits.DeletedPerTenantMax; i++)
        {
            var made = Assert.IsType<EndpointResult.Done>(await CreateAsync(core));
            await core.Endpoints.DeleteAsync(made.Endpoint.Key, CoreOnSqlite.Cancellation);
            core.Time.Advance(TimeSpan.FromDays(1));
        }

        Assert.IsType<EndpointResult.TooManyDeleted>(await CreateAsync(core));
        core.Time.Advance(limits.DeletedCountFor - TimeSpan.FromDays(3));
        Assert.IsType<EndpointResult.TooManyDeleted>(await CreateAsync(core));

        // The first of the three does not count any more, the tombstones are all there.
        core.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<EndpointResult.Done>(await CreateAsync(core));
        var snapshot = await core.Get<ITenantStore>()
            .LoadAsync(CoreOnSqlite.Acme, CoreOnSqlite.Cancellation);
        Assert.Equal(3, snapshot!.DeletedEndpoints);
    }

    [Fact]
    public async Task Requeue_ManyOfADeletedEndpoint_ReachesTheOthersBehindThem()
    {
        await using var core = new CoreOnSqlite();
        var live = await core.AddTenantAsync(
            endpoint: new EndpointDraft
            {
                Url = "https://live.example/",
                RetrySchedule = RetrySchedule.Create([], out _),
            }
        );
        core.Sender.Always(500);
        var wanted = await core.PostAsync();
        await core.RunNextAsync();
        await core.Endpoints.UpdateAsync(
            live.Key,
            new EndpointPatch { EventTypes = EventTypeFilter.Parse(["other"], out _)! },
            CoreOnSqlite.Cancellation
        );
        var doomed = (EndpointResult.Done)
            await core.Endpoints.CreateAsync(
                CoreOnSqlite.Acme,
                new EndpointDraft
                {
                    Url = "https://doomed.example/",
                    RetrySchedule = RetrySchedule.Create([], out _),
                },
                CoreOnSqlite.Cancellation
            );
        for (var i = 0; i < 15; i++)
        {
            await core.PostAsync();
            await core.RunNextAsync();
        }

        await core.Endpoints.DeleteAsync(doomed.Endpoint.Key, CoreOnSqlite.Cancellation);
        var result = await core.Get<DeadLetterRequeuer>()
            .RequeueAsync(
                new RequeueFilter { TenantId = CoreOnSqlite.Acme, MaxMessages = 10 },
                CoreOnSqlite.Cancellation
            );
        Assert.Equal(new RequeueResult(1, 15), result);
        Assert.Equal(DeliveryStatus.Pending, (await core.DeliveryOfAsync(wanted)).Status);
    }

    private static ValueTask<EndpointResult> CreateAsync(CoreOnSqlite core) =>
        core.Endpoints.CreateAsync(
            CoreOnSqlite.Acme,
            new EndpointDraft { Url = "https://one-more.example/" },
            CoreOnSqlite.Cancellation
        );
}
