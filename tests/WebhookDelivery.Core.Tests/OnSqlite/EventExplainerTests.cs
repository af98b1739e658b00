using System.Globalization;

namespace WebhookDelivery.Core.Tests;

/// <summary>What only a store that was driven far, or past the API, has to explain.</summary>
public sealed class EventExplainerTests
{
    [Fact]
    public async Task Explain_AnEventThatWasReplayed_ShowsTheDeliveryAndWhereItCameFrom()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync(
            endpoint: new EndpointDraft
            {
                Url = "https://acme.example/hook",
                EventTypes = EventTypeFilter.Parse(["invoice.*"], out _)!,
            }
        );
        var id = await core.PostAsync();
        var later = await AddAsync(core);
        var filtered = (await ExplainAsync(core, id)).First(each => each.EndpointId != later);
        Assert.Equal(EndpointVerdict.FilteredByType, filtered.Verdict);
        foreach (var endpoint in new[] { later, filtered.EndpointId })
        {
            var key = new DeliveryKey(CoreOnSqlite.Acme, id, endpoint);
            var now = core.Time.GetUtcNow();
            Assert.NotNull(
                await core.Store.AddDeliveryAsync(
                    key,
                    EventSource.Replay,
                    park: false,
                    now.AddHours(1),
                    now,
                    CoreOnSqlite.Cancellation
                )
            );
        }

        var explained = await ExplainAsync(core, id);

        Assert.Equal(2, explained.Count);
        Assert.All(explained, each => Assert.Equal(EndpointVerdict.Waiting, each.Verdict));
        Assert.All(explained, each => Assert.Equal(EventSource.Replay, each.Delivery!.Source));
        Assert.All(
            explained,
            each => Assert.Contains("replayed on request", each.Detail, StringComparison.Ordinal)
        );
        Assert.Equal(
            [1, null],
            explained.OrderBy(each => each.EndpointId == later).Select(each => each.EndpointVersion)
        );
    }

    [Fact]
    public async Task Explain_WhatAVersionDecidedThatIsNotKept_IsUnknown()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync(
            endpoint: new EndpointDraft
            {
                Url = "https://acme.example/hook",
                EventTypes = EventTypeFilter.Parse(["invoice.*"], out _)!,
            }
        );
        var id = await core.PostAsync();
        for (var change = 0; change < EndpointVersion.SupersededMax; change++)
        {
            await ChangeAsync(core, endpoint, change);
        }

        Assert.Equal(
            EndpointVerdict.FilteredByType,
            Assert.Single(await ExplainAsync(core, id)).Verdict
        );
        await ChangeAsync(core, endpoint, -1);

        var explained = Assert.Single(await ExplainAsync(core, id));
        Assert.Equal(EndpointVerdict.Unknown, explained.Verdict);
        Assert.Null(explained.EndpointVersion);
        Assert.Contains("no longer kept", explained.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_AnOperationalEvent_IsForOperationalEndpointsAlone()
    {
        await using var core = new CoreOnSqlite();
        var ordinary = await core.AddTenantAsync();
        var outcome = await core.Get<EventIngestor>()
            .IngestAsync(
                new IngestRequest
                {
                    TenantId = CoreOnSqlite.Acme,
                    Payload = "{}"u8.ToArray(),
                    Type = "endpoint.failing",
                    Source = EventSource.Operational,
                },
                CoreOnSqlite.Cancellation
            );

        var explained = Assert.Single(
            await ExplainAsync(core, Assert.IsType<IngestOutcome.Accepted>(outcome).EventId)
        );

        Assert.Equal(ordinary.Key.EndpointId, explained.EndpointId);
        Assert.Equal(EndpointVerdict.NotTargeted, explained.Verdict);
    }

    [Fact]
    public async Task Explain_AnEventThatTheTenantDoesNotHave_IsNull()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        Assert.Null(
            await core.Get<EventExplainer>()
                .ExplainAsync(CoreOnSqlite.Acme, Sample.EventId(1), CoreOnSqlite.Cancellation)
        );
    }

    private static async Task<IReadOnlyList<EndpointExplanation>> ExplainAsync(
        CoreOnSqlite core,
        EventId id
    ) =>
        (
            await core.Get<EventExplainer>()
                .ExplainAsync(CoreOnSqlite.Acme, id, CoreOnSqlite.Cancellation)
        )!.Endpoints;

    private static async Task<EndpointId> AddAsync(CoreOnSqlite core) =>
        Assert
            .IsType<EndpointResult.Done>(
                await core.Endpoints.CreateAsync(
                    CoreOnSqlite.Acme,
                    new EndpointDraft { Url = "https://later.example/" },
                    CoreOnSqlite.Cancellation
                )
            )
            .Endpoint.Key.EndpointId;

    private static async Task ChangeAsync(CoreOnSqlite core, Endpoint endpoint, int change) =>
        Assert.IsType<EndpointResult.Done>(
            await core.Endpoints.UpdateAsync(
                endpoint.Key,
                new EndpointPatch { Description = change.ToString(CultureInfo.InvariantCulture) },
                CoreOnSqlite.Cancellation
            )
        );
}
