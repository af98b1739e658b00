using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Core.Tests;

public sealed class OperationalEventsTests : IAsyncDisposable
{
    private readonly CoreOnSqlite _core;
    private FaultyEventStore? _store;

    public OperationalEventsTests()
    {
        _core = new CoreOnSqlite(
            new DeliveryOptions { RetrySchedule = RetrySchedule.Parse([], out _)! },
            wrap: inner => _store = new FaultyEventStore(inner)
        );
        _ = _core.Store;
    }

    private static CancellationToken Cancellation => CoreOnSqlite.Cancellation;

    private OperationalEvents Events => _core.Get<OperationalEvents>();

    public ValueTask DisposeAsync() => _core.DisposeAsync();

    [Fact]
    public async Task Disabled_ToldByTwoSweepersAtOnce_IsOneEvent()
    {
        var endpoint = await DisableAsync(await AddWithDeskAsync());
        Assert.Equal(BacklogAction.Announce, endpoint.BacklogAction);

        var told = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async _ => await Events.DisabledAsync(endpoint, Cancellation))
        );

        Assert.All(told, Assert.True);
        Assert.Single(await NewsAsync());
    }

    [Fact]
    public async Task Disabled_ThatACrashKeptFromBeingTold_IsToldByTheNextSweepAndOwedNoMore()
    {
        var endpoint = await DisableAsync(await AddWithDeskAsync());
        Assert.Empty(await NewsAsync());
        _core.Time.Advance(TimeSpan.FromHours(3));

        await _core.Get<Sweeper>().SweepAsync(Cancellation);

        var news = JsonDocument.Parse(Assert.Single(await NewsAsync())).RootElement;
        Assert.Equal("endpoint.disabled", news.GetProperty("type").GetString());
        Assert.Equal(endpoint.DisabledAt, news.GetProperty("created_at").GetDateTimeOffset());
        var after = await StoredAsync(endpoint.Key);
        Assert.Equal((BacklogAction.None, endpoint.Version), (after.BacklogAction, after.Version));
        await _core.Get<Sweeper>().SweepAsync(Cancellation);
        Assert.Single(await NewsAsync());
    }

    [Fact]
    public async Task Disabled_AgainWhileItsBacklogIsResumed_KeepsBothOwed()
    {
        var endpoint = await AddWithDeskAsync();
        await SetDisabledAsync(endpoint, true);
        await SetDisabledAsync(endpoint, false);
        endpoint = await DisableAsync(endpoint);
        Assert.Equal(BacklogAction.Announce | BacklogAction.Resume, endpoint.BacklogAction);

        await _core.Get<Sweeper>().SweepAsync(Cancellation);

        Assert.Equal(BacklogAction.Resume, (await StoredAsync(endpoint.Key)).BacklogAction);
        Assert.Single(await NewsAsync());
    }

    [Fact]
    public async Task Disabled_ButEnabledOrDeletedBeforeItIsTold_IsNotTold()
    {
        var enabled = await DisableAsync(await AddWithDeskAsync());
        await SetDisabledAsync(enabled, false);
        Assert.Equal(BacklogAction.Resume, (await StoredAsync(enabled.Key)).BacklogAction);
        await DisableAsync(enabled);
        await _core.Endpoints.DeleteAsync(enabled.Key, Cancellation);
        Assert.Equal(BacklogAction.Cancel, (await StoredAsync(enabled.Key)).BacklogAction);
    }

    [Fact]
    public async Task Disabled_WhereNobodyIsToBeTold_OwesNothing()
    {
        var endpoint = await DisableAsync(await _core.AddTenantAsync());
        Assert.Equal(BacklogAction.None, endpoint.BacklogAction);
        var operational = await _core.Endpoints.CreateAsync(
            CoreOnSqlite.Acme,
            new EndpointDraft { Url = "https://ops.example/", Operational = true },
            Cancellation
        );
        var desk = await DisableAsync(Assert.IsType<EndpointResult.Done>(operational).Endpoint);
        Assert.Equal(BacklogAction.None, desk.BacklogAction);
    }

    [Fact]
    public async Task Recovered_ToldAgainAtAnotherMoment_IsOneEvent()
    {
        var endpoint = await AddWithDeskAsync();
        var since = _core.Time.GetUtcNow();
        await Events.RecoveredAsync(endpoint, since, Cancellation);
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        await Events.RecoveredAsync(endpoint, since, Cancellation);
        await Events.RecoveredAsync(endpoint, since.AddDays(1), Cancellation);
        Assert.Equal(2, (await NewsAsync()).Count);
    }

    [Fact]
    public async Task Told_OfTypesThatNoEndpointTakes_StoresNothing()
    {
        var endpoint = await AddWithDeskAsync("delivery.*");
        await Events.RecoveredAsync(endpoint, _core.Time.GetUtcNow(), Cancellation);
        Assert.Empty(await NewsAsync());
    }

    [Fact]
    public async Task Told_WhatTheStoreRefuses_IsGivenUpUnlessItIsOwed()
    {
        var endpoint = await DisableAsync(await AddWithDeskAsync());
        _store!.AppendsRefused = true;
        await Events.RecoveredAsync(endpoint, _core.Time.GetUtcNow(), Cancellation);
        Assert.False(await Events.DisabledAsync(endpoint, Cancellation));
        Assert.Equal(0, (await _core.Get<Sweeper>().SweepAsync(Cancellation)).Failed);
        Assert.Equal(BacklogAction.Announce, (await StoredAsync(endpoint.Key)).BacklogAction);

        _store.AppendsRefused = false;
        await _core.Get<Sweeper>().SweepAsync(Cancellation);
        Assert.Contains("endpoint.disabled", Assert.Single(await NewsAsync()));
        Assert.Equal(BacklogAction.None, (await StoredAsync(endpoint.Key)).BacklogAction);
    }

    [Fact]
    public async Task DeadLetter_WhoseNewsIsRefused_IsSettledAllTheSame()
    {
        await AddWithDeskAsync();
        var id = await _core.PostAsync();
        _core.Sender.Always(500);
        _store!.AppendsRefused = true;

        await _core.RunNextAsync();

        Assert.Equal(DeliveryStatus.DeadLetter, (await _core.DeliveryOfAsync(id)).Status);
        Assert.True(await _core.NothingDueAsync());
    }

    [Fact]
    public void Keys_BeginWithWhatNoHeaderCanHold() =>
        Assert.True(OperationalEvents.KeyPrefix < ' ');

    private async Task<Endpoint> AddWithDeskAsync(string types = "**")
    {
        var endpoint = await _core.AddTenantAsync();
        await _core.Endpoints.CreateAsync(
            CoreOnSqlite.Acme,
            new EndpointDraft
            {
                Url = "https://ops.example/",
                Operational = true,
                EventTypes = EventTypeFilter.Parse([types], out _)!,
            },
            Cancellation
        );
        return endpoint;
    }

    private async Task<Endpoint> DisableAsync(Endpoint endpoint) =>
        Assert
            .IsType<EndpointResult.Done>(
                await _core.Endpoints.DisableAsync(endpoint, ReasonCode.EndpointGone, Cancellation)
            )
            .Endpoint;

    private async Task SetDisabledAsync(Endpoint endpoint, bool disabled) =>
        await _core.Endpoints.UpdateAsync(
            endpoint.Key,
            new EndpointPatch { Disabled = disabled },
            Cancellation
        );

    private async Task<Endpoint> StoredAsync(EndpointKey key) =>
        (await _core.Get<ITenantStore>().FindEndpointAsync(key, Cancellation))!;

    private async Task<IReadOnlyList<string>> NewsAsync()
    {
        var page = await _core.Store.ListAsync(
            new EventQuery { TenantId = CoreOnSqlite.Acme, Limit = 100 },
            Cancellation
        );
        var payloads = new List<string>();
        foreach (var each in page.Events)
        {
            Assert.Equal(EventSource.Operational, each.Event.Source);
            var payload = await _core.Store.FindPayloadAsync(
                CoreOnSqlite.Acme,
                each.Event.Id,
                Cancellation
            );
            payloads.Add(Encoding.UTF8.GetString(payload!.Value.Span));
        }

        return payloads;
    }
}
