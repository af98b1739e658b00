namespace WebhookDelivery.Core.Tests;

public sealed class EndpointHealthTests : IAsyncDisposable
{
    private readonly CoreOnSqlite _core = new(
        health: new EndpointHealthOptions
        {
            FailuresInARow = 3,
            FailingAfter = TimeSpan.FromSeconds(10),
            DisableAfter = TimeSpan.FromHours(1),
            StreaksMax = 4,
        }
    );

    private EndpointHealth Health => _core.Get<EndpointHealth>();

    private static CancellationToken Cancellation => CoreOnSqlite.Cancellation;

    public ValueTask DisposeAsync() => _core.DisposeAsync();

    [Theory]
    [InlineData(ReasonCode.HttpStatus, true)]
    [InlineData(ReasonCode.Timeout, true)]
    [InlineData(ReasonCode.ConnectFailed, true)]
    [InlineData(ReasonCode.DnsFailed, true)]
    [InlineData(ReasonCode.TlsFailed, true)]
    [InlineData(ReasonCode.BadResponse, true)]
    [InlineData(ReasonCode.BlockedAddress, true)]
    [InlineData(ReasonCode.Throttled, false)]
    [InlineData(ReasonCode.Aborted, false)]
    [InlineData(ReasonCode.EndpointGone, false)]
    public async Task Note_OfEachReason_CountsWhatIsNoAnswerOfALivingReceiver(
        ReasonCode reason,
        bool counts
    )
    {
        var endpoint = await _core.AddTenantAsync();
        var decisions = Enumerable.Range(0, 20).Select(i => Note(endpoint, reason, i)).ToList();
        Assert.Equal(counts, decisions.Exists(each => each is HealthDecision.Failing));
    }

    [Fact]
    public async Task Note_WhatIsNeither_DoesNotStartTheRowAnew()
    {
        var endpoint = await _core.AddTenantAsync();
        Note(endpoint, ReasonCode.Timeout, 0);
        Note(endpoint, ReasonCode.Timeout, 1);
        Assert.Null(Note(endpoint, ReasonCode.Throttled, 2));
        Assert.IsType<HealthDecision.Failing>(Note(endpoint, ReasonCode.Timeout, 10));
    }

    [Fact]
    public async Task Note_ASuccessInBetween_StartsTheRowAnew()
    {
        var endpoint = await _core.AddTenantAsync();
        Note(endpoint, ReasonCode.Timeout, 0);
        Note(endpoint, ReasonCode.Timeout, 1);
        Assert.Null(Note(endpoint, ReasonCode.Delivered, 2));
        Assert.Null(Note(endpoint, ReasonCode.Timeout, 20));
        Assert.Null(Note(endpoint, ReasonCode.Timeout, 21));
        var failing = Assert.IsType<HealthDecision.Failing>(Note(endpoint, ReasonCode.Timeout, 30));
        Assert.Equal(_core.Time.GetUtcNow().AddSeconds(20), failing.Since);
    }

    [Fact]
    public async Task Note_SuccessesOfHealthyEndpoints_AllocateNothing()
    {
        var endpoint = await _core.AddTenantAsync();
        var failing = await _core.AddTenantAsync("globex");
        var attempt = NewAttempt(endpoint, ReasonCode.Delivered, 0);
        Health.Note(endpoint, attempt);
        foreach (var others in new[] { false, true })
        {
            if (others)
            {
                Note(failing, ReasonCode.Timeout, 0);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                Health.Note(endpoint, attempt);
            }

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public async Task Note_OfMoreEndpointsThanAreCounted_CountsAllAnew()
    {
        var endpoints = new List<Endpoint>();
        for (var i = 0; i < 5; i++)
        {
            endpoints.Add(await _core.AddTenantAsync($"tenant-{i}"));
        }

        foreach (var endpoint in endpoints)
        {
            Note(endpoint, ReasonCode.Timeout, 0);
            Note(endpoint, ReasonCode.Timeout, 1);
        }

        // The fifth had no room beside the four.
        Assert.IsType<HealthDecision.Failing>(Note(endpoints[4], ReasonCode.Timeout, 10));
        Assert.Null(Note(endpoints[0], ReasonCode.Timeout, 10));
    }

    [Fact]
    public async Task Note_OfAFailingEndpoint_DisablesAtItsTimeAndNotBefore()
    {
        var since = _core.Time.GetUtcNow();
        var endpoint = (await _core.AddTenantAsync()) with { FailingSince = since };
        Assert.Null(Note(endpoint, ReasonCode.Timeout, 3599.999));
        Assert.IsType<HealthDecision.Disable>(Note(endpoint, ReasonCode.Timeout, 3600));
        Assert.Null(Note(endpoint, ReasonCode.Throttled, 3600));
        Assert.Equal(
            new HealthDecision.Recovered(since),
            Note(endpoint, ReasonCode.Delivered, 3600)
        );
    }

    [Fact]
    public async Task Note_WhereNoneIsDisabledForFailing_NeverDisables()
    {
        await using var core = new CoreOnSqlite(
            health: new EndpointHealthOptions { DisableAfter = TimeSpan.Zero }
        );
        var now = core.Time.GetUtcNow();
        var endpoint = (await core.AddTenantAsync()) with { FailingSince = now.AddYears(-1) };
        var attempt = NewAttempt(endpoint, ReasonCode.Timeout, 0);
        Assert.Null(core.Get<EndpointHealth>().Note(endpoint, attempt));
    }

    [Fact]
    public async Task CarryOut_WhereASuccessCameMeanwhile_LeavesTheEndpointHealthy()
    {
        var endpoint = await _core.AddTenantAsync();
        Note(endpoint, ReasonCode.Timeout, 0);
        Note(endpoint, ReasonCode.Timeout, 1);
        var failing = Note(endpoint, ReasonCode.Timeout, 10)!;
        var recovered = Note(endpoint, ReasonCode.Delivered, 11)!;

        // What the success means is stored first, and finds nothing to clear yet.
        await CarryOutAsync(endpoint, recovered);
        await CarryOutAsync(endpoint, failing);

        Assert.Null((await StoredAsync(endpoint)).FailingSince);
    }

    [Fact]
    public async Task CarryOut_WhereAnotherProcessWasFirst_TakesItsTime()
    {
        var endpoint = await _core.AddTenantAsync();
        var earlier = _core.Time.GetUtcNow().AddMinutes(-5);
        Note(endpoint, ReasonCode.Timeout, 0);
        Note(endpoint, ReasonCode.Timeout, 1);
        var failing = Note(endpoint, ReasonCode.Timeout, 10)!;
        await _core
            .Get<ITenantStore>()
            .SetFailingSinceAsync(endpoint.Key, null, earlier, Cancellation);

        await CarryOutAsync(endpoint, failing);

        Assert.Equal(earlier, (await StoredAsync(endpoint)).FailingSince);
        var view = await _core.Get<TenantDirectory>().FindAsync(CoreOnSqlite.Acme, Cancellation);
        Assert.Equal(earlier, Assert.Single(view!.Endpoints).Endpoint.FailingSince);
    }

    [Fact]
    public async Task CarryOut_OfDisablingOneThatSucceededElsewhere_LeavesItEnabled()
    {
        var since = _core.Time.GetUtcNow();
        var endpoint = (await _core.AddTenantAsync()) with { FailingSince = since };
        var disable = Note(endpoint, ReasonCode.Timeout, 3600)!;

        await CarryOutAsync(endpoint, disable);

        Assert.False((await StoredAsync(endpoint)).Disabled);
    }

    [Fact]
    public async Task Update_ThatEnables_ClearsSinceWhenItFailedAndNothingElseDoes()
    {
        var since = _core.Time.GetUtcNow();
        var endpoint = await _core.AddTenantAsync();
        await _core
            .Get<ITenantStore>()
            .SetFailingSinceAsync(endpoint.Key, null, since, Cancellation);

        await UpdateAsync(endpoint, new EndpointPatch { Url = "https://moved.example/" });
        Assert.Equal(since, (await StoredAsync(endpoint)).FailingSince);
        await UpdateAsync(endpoint, new EndpointPatch { Disabled = false });
        Assert.Equal(since, (await StoredAsync(endpoint)).FailingSince);
        _core.Time.Advance(TimeSpan.FromHours(1));
        await UpdateAsync(endpoint, new EndpointPatch { Disabled = true });
        var disabled = await StoredAsync(endpoint);
        Assert.Equal((since, since.AddHours(1)), (disabled.FailingSince, disabled.DisabledAt));

        await UpdateAsync(endpoint, new EndpointPatch { Disabled = false });
        var enabled = await StoredAsync(endpoint);
        Assert.Equal((null, null), (enabled.FailingSince, enabled.DisabledAt));
    }

    private HealthDecision? Note(Endpoint endpoint, ReasonCode reason, double seconds) =>
        Health.Note(endpoint, NewAttempt(endpoint, reason, seconds));

    private Attempt NewAttempt(Endpoint endpoint, ReasonCode reason, double seconds)
    {
        var at = _core.Time.GetUtcNow().AddSeconds(seconds);
        return new Attempt
        {
            Key = new DeliveryKey(
                endpoint.Key.TenantId,
                new EventId(new RandomIdSource().NewId(at)),
                endpoint.Key.EndpointId
            ),
            Generation = 1,
            Number = 1,
            StartedAt = at,
            EndpointVersion = endpoint.Version,
            Outcome = new AttemptOutcome { Reason = reason },
        };
    }

    private ValueTask CarryOutAsync(Endpoint endpoint, HealthDecision decision) =>
        Health.CarryOutAsync(
            endpoint,
            NewAttempt(endpoint, ReasonCode.Timeout, 0),
            decision,
            _core.Get<StorePersistence>(),
            Cancellation
        );

    private async Task UpdateAsync(Endpoint endpoint, EndpointPatch patch) =>
        Assert.IsType<EndpointResult.Done>(
            await _core.Endpoints.UpdateAsync(endpoint.Key, patch, Cancellation)
        );

    private async Task<Endpoint> StoredAsync(Endpoint endpoint) =>
        (await _core.Get<ITenantStore>().FindEndpointAsync(endpoint.Key, Cancellation))!;
}
