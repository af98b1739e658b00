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
                            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
                            Type = type,
                            Source = source,
                        },
                        CoreOnSqlite.Cancellation
                    )
            )
            .Endpoints;
}
