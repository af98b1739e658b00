using System.Text;

namespace WebhookDelivery.Core.Tests;

/// <summary>Which of a tenant's endpoints an event goes to.</summary>
public sealed class RoutingTests
{
    [Fact]
    public async Task Ingest_OfEachSource_GoesToEndpointsOfItsKindAlone()
    {
        await using var core = new CoreOnSqlite();
        var ordinary = (await core.AddTenantAsync()).Key.EndpointId;
        var operational = await AddAsync(
            core,
            new EndpointDraft { Url = "https://ops.example/", Operational = true }
        );

        Assert.Equal([ordinary], await IngestAsync(core, EventSource.Live, "endpoint.failing"));
        Assert.Equal(
            [operational],
            await IngestAsync(core, EventSource.Operational, "endpoint.failing")
        );
    }

    [Fact]
    public async Task Ingest_OfAnOperationalEvent_IsFilteredByType()
    {
        await using var core = new CoreOnSqlite();
        await core.AddTenantAsync();
        await AddAsync(
            core,
            new EndpointDraft
            {
                Url = "https://ops.example/",
                Operational = true,
                EventTypes = EventTypeFilter.Parse(["endpoint.*"], out _)!,
            }
        );

        Assert.Single(await IngestAsync(core, EventSource.Operational, "endpoint.disabled"));
        Assert.Empty(await IngestAsync(core, EventSource.Operational, "delivery.dead_lettered"));
    }

    [Fact]
    public async Task Ingest_WithFilters_GoesWhereEachOfThemPasses()
    {
        await using var core = new CoreOnSqlite();
        var every = (await core.AddTenantAsync()).Key.EndpointId;
        var large = await AddAsync(core, Filtered("""{"field":"total","gte":100}"""));
        var named = await AddAsync(core, Filtered("""{"field":"customer.name","exists":true}"""));
        var other = await AddAsync(
            core,
            Filtered("""{"field":"total","gte":100}""") with
            {
                EventTypes = EventTypeFilter.Parse(["refund"], out _)!,
            }
        );

        Assert.Equal(
            [every, large, named],
            await IngestAsync(core, """{"total":100,"customer":{"name":null}}""")
        );
        Assert.Equal([every, large], await IngestAsync(core, """{"total":1e3}"""));
        Assert.Equal([every], await IngestAsync(core, "{}"));
        Assert.Equal(
            [every, large, other],
            await IngestAsync(core, EventSource.Live, "refund", """{"total":100}""")
        );
        Assert.Equal(
            [every, named],
            await IngestAsync(core, EventSource.Live, "refund", """{"customer":{"name":"x"}}""")
        );
    }

    [Fact]
    public async Task Ingest_AfterAChangeOfTheFilter_FollowsIt()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = (
            await core.AddTenantAsync(endpoint: Filtered("""{"field":"a","equals":1}"""))
        ).Key;
        Assert.Empty(await IngestAsync(core, """{"a":2}"""));

        await core.Endpoints.UpdateAsync(
            endpoint,
            new EndpointPatch { Filter = Filters.Of("""{"field":"a","equals":2}""") },
            CoreOnSqlite.Cancellation
        );
        Assert.Single(await IngestAsync(core, """{"a":2}"""));
        await core.Endpoints.UpdateAsync(
            endpoint,
            new EndpointPatch { Filter = new Optional<PayloadFilter?>(null) },
            CoreOnSqlite.Cancellation
        );
        Assert.Single(await IngestAsync(core, """{"a":1}"""));
    }

    [Theory]
    [InlineData(EventSource.Live, "a", """{"x":1}""", RouteVerdict.Taken)]
    [InlineData(EventSource.Live, "a", """{"x":2}""", RouteVerdict.OtherPayload)]
    [InlineData(EventSource.Live, "b", """{"x":1}""", RouteVerdict.OtherType)]
    [InlineData(EventSource.Replay, "a", """{"x":1}""", RouteVerdict.Taken)]
    [InlineData(EventSource.Operational, "a", """{"x":1}""", RouteVerdict.OtherSource)]
    public void Judge_EachFaultOfAnEvent_IsToldFromTheOthers(
        EventSource source,
        string type,
        string payload,
        RouteVerdict expected
    )
    {
        var endpoint = Sample.Endpoint(Sample.EndpointKey(1)) with
        {
            EventTypes = EventTypeFilter.Parse(["a"], out _)!,
            Filter = Filters.Of("""{"field":"x","equals":1}"""),
        };
        Assert.Equal(
            expected,
            EndpointRoute.Judge(endpoint, source, type, Encoding.UTF8.GetBytes(payload))
        );
    }

    private static EndpointDraft Filtered(string filter) =>
        new() { Url = "https://filtered.example/", Filter = Filters.Of(filter) };

    private static Task<IReadOnlyList<EndpointId>> IngestAsync(CoreOnSqlite core, string payload) =>
        IngestAsync(core, EventSource.Live, "order", payload);

    private static async Task<EndpointId> AddAsync(CoreOnSqlite core, EndpointDraft draft) =>
        Assert
            .IsType<EndpointResult.Done>(
                await core.Endpoints.CreateAsync(
                    CoreOnSqlite.Acme,
                    draft,
                    CoreOnSqlite.Cancellation
                )
            )
            .Endpoint.Key.EndpointId;

    private static async Task<IReadOnlyList<EndpointId>> IngestAsync(
        CoreOnSqlite core,
        EventSource source,
        string type,
        string payload = "{}"
    ) =>
        Assert
            .IsType<IngestOutcome.Accepted>(
                await core.Get<EventIngestor>()
                    .IngestAsync(
                        new IngestRequest
                        {
                            TenantId = CoreOnSqlite.Acme,
                            Payload = Encoding.UTF8.GetBytes(payload),
                            Type = type,
                            Source = source,
                        },
                        CoreOnSqlite.Cancellation
                    )
            )
            .Endpoints;
}
