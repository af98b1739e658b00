using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>What statistics ask of DynamoDB.</summary>
public sealed class StatisticsWorkTests : EventStoreRig
{
    private const int Day = 24;

    [Fact]
    public async Task Read_ADay_IsOneQueryOfItsHoursHoweverMuchElseThereIs()
    {
        var tenant = await AddTenantAsync();
        var (endpoint, other) = (NewEndpointId(), NewEndpointId());
        await AddHistoryAsync(tenant, endpoint, 10 * Day);
        await AddHistoryAsync(tenant, other, 10 * Day);
        await AddHistoryAsync(tenant, null, 10 * Day);
        await AppendAsync(tenant, endpoint, other);
        foreach (var asked in new EndpointId?[] { endpoint, null })
        {
            IReadOnlyList<CountedHour>? hours = null;
            var before = Proxy.Requests.Count;
            var operations = await OperationsOfAsync(async () =>
                hours = await Statistics.ReadAsync(
                    new StatisticsQuery
                    {
                        TenantId = tenant,
                        EndpointId = asked,
                        Since = Now.AddHours(-Day),
                        Until = Now,
                    },
                    None
                )
            );

            Assert.Equal(["Query"], operations);
            Assert.Equal(Day, hours!.Count);

            // A key's range and no filter: what it reads is what it answers.
            var query = Proxy.Requests[before].Json();
            Assert.Null(query["FilterExpression"]);
            Assert.Contains("BETWEEN", (string)query["KeyConditionExpression"]!);
        }
    }

    [Fact]
    public async Task Add_AnHourOfOneEndpoint_IsOneUpdateOfOneUnit()
    {
        var tenant = await AddTenantAsync();
        var counts = new HourCounts { Deliveries = 100_000, Delivered = 99_000 };
        counts.Attempts.Add(ReasonCode.Delivered, 99_000);
        counts.Attempts.Add(ReasonCode.Timeout, 1_000);
        for (var ms = 20; ms < 2_000; ms++)
        {
            counts.Latency.Record(TimeSpan.FromMilliseconds(ms));
        }

        var key = new HourKey(tenant, NewEndpointId(), HourKey.HourOf(Now));
        var operations = await OperationsOfAsync(async () =>
            await Statistics.AddAsync(key, counts, None)
        );

        Assert.Equal(["UpdateItem"], operations);
        var item = Assert.Single(
            await ScanAsync(),
            item => ItemKeys.Partition(item) == StatisticsItem.PartitionOf(tenant)
        );
        Assert.Equal(1, ItemSize.WriteUnits(ItemSize.Of(item)));
        Assert.Equal(
            (key.Hour + TimeSpan.FromHours(1) + Retention.Default.Statistics).ToUnixTimeSeconds(),
            item.Int64(EventsTable.Ttl)
        );
    }

    private async Task AddHistoryAsync(TenantId tenant, EndpointId? endpoint, int hours)
    {
        for (var hour = 1; hour <= hours; hour++)
        {
            await Statistics.AddAsync(
                new HourKey(tenant, endpoint, HourKey.HourOf(Now).AddHours(-hour)),
                new HourCounts { Delivered = hour },
                None
            );
        }
    }
}
