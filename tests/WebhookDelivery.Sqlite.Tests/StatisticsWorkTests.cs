using System.Runtime.InteropServices;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>What reading statistics costs follows from the hours asked for, and from nothing else.</summary>
public sealed class StatisticsWorkTests
{
    /// <summary>How many instructions of SQLite's machine a statement has run: some for each row met.</summary>
    private const int MachineSteps = 4;

    private const int Day = 24;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_ADay_WithTenTimesTheHistory_TakesAsManySteps(bool ofEndpoint)
    {
        await using var harness = new EngineHarness();
        var endpoint = harness.NewEndpointId();
        await AddTenantAsync(harness);
        var query = new StatisticsQuery
        {
            TenantId = harness.Tenant,
            EndpointId = ofEndpoint ? endpoint : null,
            Since = harness.Now.AddHours(-Day),
            Until = harness.Now,
        };
        await AddHistoryAsync(harness, endpoint, fromHour: 0, toHour: 3 * Day, others: 2);
        var little = Measure(harness, query);

        await AddHistoryAsync(harness, endpoint, fromHour: 3 * Day, toHour: 30 * Day, others: 2);
        await AddHistoryAsync(harness, endpoint: null, fromHour: 0, toHour: 30 * Day, others: 10);
        await harness.AppendManyAsync(endpoint, 2000);
        var much = Measure(harness, query);

        Assert.Equal((Day, Day), (little.Hours, much.Hours));
        Assert.Equal(little.Steps, much.Steps);

        // Not because nothing is counted: more hours take more.
        var longer = Measure(harness, query with { Since = harness.Now.AddDays(-30) });
        Assert.Equal(30 * Day, longer.Hours);
        Assert.InRange(longer.Steps, 20 * much.Steps, 40 * much.Steps);
    }

    private static async Task AddTenantAsync(EngineHarness harness) =>
        Assert.True(
            await harness.Engine.TenantStore.CreateAsync(
                new Tenant
                {
                    Id = harness.Tenant,
                    Version = 1,
                    DataKey = new TenantDataKey(harness.Tenant, new byte[60]),
                    CreatedAt = harness.Now,
                    UpdatedAt = harness.Now,
                },
                new ApiKey
                {
                    Id = "0123456789abcdef",
                    Role = ApiKeyRole.Tenant,
                    TenantId = harness.Tenant,
                    Hash = new byte[32],
                    CreatedAt = harness.Now,
                },
                null,
                EngineHarness.None
            )
        );

    private static async Task AddHistoryAsync(
        EngineHarness harness,
        EndpointId? endpoint,
        int fromHour,
        int toHour,
        int others
    )
    {
        EndpointId?[] whose =
        [
            .. endpoint is null ? [] : new EndpointId?[] { endpoint, null },
            .. Enumerable.Range(0, others).Select(_ => (EndpointId?)harness.NewEndpointId()),
        ];
        var counts = new HourCounts { Delivered = 1 };
        counts.Attempts.Add(ReasonCode.Delivered, 1);
        counts.Latency.Record(TimeSpan.FromMilliseconds(20));
        await Task.WhenAll(
            from id in whose
            from hour in Enumerable.Range(fromHour + 1, toHour - fromHour)
            select harness
                .Engine.StatisticsStore.AddAsync(
                    new HourKey(harness.Tenant, id, harness.Now.AddHours(-hour)),
                    counts,
                    EngineHarness.None
                )
                .AsTask()
        );
    }

    private static (int Hours, int Steps) Measure(EngineHarness harness, StatisticsQuery query)
    {
        using var database = Database.Open(harness.DatabasePath, readOnly: true, TimeSpan.Zero);
        var hours = StatisticsReads.Read(database, query).Count;
        var steps = 0;
        for (
            var statement = Next(database.Handle, 0);
            statement != 0;
            statement = Next(database.Handle, statement)
        )
        {
            steps += Status(statement, MachineSteps, reset: 0);
        }

        return (hours, steps);
    }

    // The generated kind of import needs unsafe code, which these tests have no other use for.
#pragma warning disable SYSLIB1054
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_next_stmt")]
    private static extern nint Next(nint database, nint statement);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_stmt_status")]
    private static extern int Status(nint statement, int what, int reset);
#pragma warning restore SYSLIB1054
}
