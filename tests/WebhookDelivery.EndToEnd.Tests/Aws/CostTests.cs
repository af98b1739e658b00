using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// What a delivered event costs on AWS, counted between a whole host and the emulators. Items, units,
/// objects and messages are exact; how many messages share a request depends on the moment, and has a
/// bound.
/// </summary>
public sealed class CostTests
{
    private const int Events = 100;

    /// <summary>Fewer, for there are six rows of them at once.</summary>
    private const int RetriedEvents = 30;

    private const int Fraction = 6;
    private const int Small = 500;
    private const int OverOneUnit = 4 * 1024;
    private const int InBucket = 40 * 1024;

    [Fact]
    public async Task FirstAttempt_SmallPayload_MeetsTheMusts()
    {
        foreach (var row in await MeasureAsync(failures: 0, Small))
        {
            AssertOf(row, writes: 2, writeUnits: 2, objects: 0);
            Assert.InRange(row.AllCalls, 0, CostTable.Calls.Must!.Value);
            Assert.InRange(row.WriteUnits, 0, CostTable.WriteUnits.Must!.Value);
        }
    }

    /// <summary>
    /// A tenant's item and its endpoint's, at the first request, every 5 s, and after batches that are
    /// not full: by time, however many events there are.
    /// </summary>
    [Fact]
    public async Task Statistics_FullBatches_CostByTimeAndNotByEvents()
    {
        foreach (var row in await MeasureAsync(failures: 0, Small))
        {
            var flushes = 2 + row.PartBatches + (int)(row.Elapsed / TimeSpan.FromSeconds(5));
            var least = row.Workload.Host == CostHost.Functions ? 2 : 0;
            Assert.InRange(row.StatisticsCalls, least, 2 * flushes);
        }
    }

    /// <summary>An event of 4 KiB takes five units, for what it has beside its payload.</summary>
    [Fact]
    public async Task FirstAttempt_PayloadInItem_CostsAUnitForEachKib()
    {
        foreach (var row in await MeasureAsync(failures: 0, OverOneUnit))
        {
            AssertOf(row, writes: 2, writeUnits: 6, objects: 0);
            Assert.InRange(row.AllCalls, 0, CostTable.Calls.Must!.Value);
        }
    }

    [Fact]
    public async Task FirstAttempt_PayloadInBucket_CostsOneObjectThatNobodyReads()
    {
        foreach (var row in await MeasureAsync(failures: 0, InBucket))
        {
            AssertOf(row, writes: 2, writeUnits: 2, objects: 1);
            Assert.InRange(row.AllCalls, 0, CostTable.Calls.Must!.Value + 1);
            // Of so large messages hardly more than one goes into what is billed as one request.
            Assert.InRange(row.SqsBilled, 1.2, 2.4);
        }
    }

    /// <summary>
    /// Beside the item: two index entries that come with the first failure, one that moves with the
    /// second (two units), two that go with the delivery. Each retry is looked up first, as it may have been
    /// cancelled or started anew while its message waited.
    /// </summary>
    [Fact]
    public async Task TwoFailures_AnyPayload_CostTwoWritesTwoReadsAndEightUnitsMore()
    {
        foreach (var row in await MeasureAsync(failures: 2, Small, OverOneUnit, InBucket))
        {
            var payload = row.Workload.PayloadBytes;
            AssertOf(
                row,
                writes: 4,
                writeUnits: payload == OverOneUnit ? 14 : 10,
                objects: payload == InBucket ? 1 : 0
            );
            Assert.InRange(row.SqsCalls, 0.3, 6);
        }
    }

    [Fact]
    public async Task EventWithoutCompany_FirstAttempt_CostsFiveCalls()
    {
        var row = await CostRun.MeasureAsync(CostTable.Alone(Small) with { Events = 5 });

        AssertOf(row, writes: 2, writeUnits: 2, objects: 0);
        Assert.Equal(5, row.AllCalls, Fraction);
        Assert.Equal(3, row.SqsBilled, Fraction);
    }

    /// <summary>
    /// 16 partitions of `due-index`, what endpoints are owed, recoveries that run and that are over, and
    /// tenants to erase; a tenant's statistics and its endpoint's.
    /// </summary>
    [Fact]
    public async Task Standing_NothingHappens_CostsFewReads()
    {
        var standing = await StandingCosts.MeasureAsync();

        Assert.Equal(20, standing.Sweep.Count);
        Assert.All(standing.Sweep, call => Assert.Equal("Query", call.Operation));
        Assert.Equal(10, standing.Sweep.Sum(call => call.ReadUnits), Fraction);
        Assert.Equal(2, standing.Reload.Count);
        Assert.Equal(2, standing.Reload.Sum(call => call.ReadUnits), Fraction);
        Assert.All(standing.Flush, call => Assert.Equal("UpdateItem", call.Operation));
        Assert.Equal(2, standing.Flush.Count);
        Assert.Equal(2, standing.Flush.Sum(call => call.WriteUnits), Fraction);
    }

    /// <summary>On both hosts and together, for they wait most of the time.</summary>
    private static Task<CostRow[]> MeasureAsync(int failures, params int[] payloads) =>
        Task.WhenAll(
            from host in Enum.GetValues<CostHost>()
            from payload in payloads
            let events = failures == 0 ? Events : RetriedEvents
            select CostRun.MeasureAsync(CostWorkload.Of(host, payload, failures, events))
        );

    private static void AssertOf(CostRow row, double writes, double writeUnits, double objects)
    {
        var attempts = row.Workload.Failures + 1;
        Assert.Equal(writes, row.Writes, Fraction);
        Assert.Equal(row.Workload.Failures, row.Reads, Fraction);
        Assert.Equal(writeUnits, row.WriteUnits, Fraction);
        Assert.Equal(row.Workload.Failures, row.ReadUnits, Fraction);
        Assert.Equal(objects, row.S3Requests, Fraction);
        Assert.Equal(attempts, row.MessagesSent, Fraction);
        Assert.Equal(attempts, row.MessagesReceived, Fraction);
        Assert.Equal(attempts, row.MessagesDeleted, Fraction);
        Assert.Equal(
            row.Reads + row.Writes + row.SqsCalls + row.S3Requests,
            row.AllCalls,
            Fraction
        );
    }
}
