using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

public sealed class LatencyHistogramTests
{
    private const double ErrorMax = 0.05;

    private static readonly double[] s_parts = [0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

    /// <summary>From 0.1 ms to 60 s, spread over the orders of magnitude; in ticks of 100 ns.</summary>
    private static readonly Arbitrary<List<long>> Times = Gen.Choose(0, 1_000_000)
        .Select(x => (long)Math.Round(1000 * Math.Pow(600_000, x / 1_000_000.0)))
        .NonEmptyListOf()
        .ToArbitrary();

    [Fact]
    public void Percentile_OfAnyTimes_IsNoMoreThanFivePercentOff() =>
        Prop.ForAll(
                Times,
                times =>
                {
                    var histogram = Of(times);
                    times.Sort();
                    return s_parts.All(part =>
                    {
                        var rank = Math.Max(1, (int)Math.Ceiling(part * times.Count));
                        double exact = times[rank - 1];
                        var found = histogram.Percentile(part)!.Value.Ticks;
                        return Math.Abs(found - exact) / exact <= ErrorMax;
                    });
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Percentile_OfEveryTimeInReach_IsNoMoreThanFivePercentOff()
    {
        for (var ticks = 1000L; ticks <= 60 * TimeSpan.TicksPerSecond; ticks += 1 + (ticks / 997))
        {
            var found = Of([ticks]).Percentile(0.5)!.Value.Ticks;
            Assert.InRange(found, ticks * (1 - ErrorMax), ticks * (1 + ErrorMax));
        }
    }

    [Fact]
    public void Add_TwoHistograms_AreAsIfOneHadSeenAll() =>
        Prop.ForAll(
                Times,
                Times,
                (one, other) =>
                {
                    var sum = Of(one);
                    sum.Add(Of(other));
                    return IsSame(sum, Of([.. one, .. other]));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ToBytes_AddedToAnother_AreTheSameCounts() =>
        Prop.ForAll(
                Times,
                Times,
                (one, other) =>
                {
                    var sum = Of(one);
                    sum.Add(Of(other).ToBytes());
                    return IsSame(sum, Of([.. one, .. other]));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ToBytes_OfCountsOfAnySize_AreReadBack()
    {
        var histogram = new LatencyHistogram();
        long[] counts = [1, 127, 128, 16_383, 16_384, int.MaxValue, long.MaxValue / 8];
        for (var i = 0; i < counts.Length; i++)
        {
            histogram.Add(i * 20, counts[i]);
        }

        histogram.Add(LatencyHistogram.Buckets - 1, 3);
        var read = new LatencyHistogram();
        read.Add(histogram.ToBytes());
        Assert.True(IsSame(histogram, read));
    }

    [Fact]
    public void ToBytes_OfAnHourOfOneReceiver_AreFew()
    {
        // 100,000 answers from 20 to 200 ms: 25 buckets.
        var histogram = Of(Enumerable.Range(0, 100_000).Select(i => 200_000L + (i * 18)));
        Assert.InRange(histogram.ToBytes().Length, 25, 150);
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 1 })]
    [InlineData(new byte[] { 1, 0 })]
    [InlineData(new byte[] { 1, 0, 0x80 })]
    public void Add_BytesOfAnotherForm_IsRefused(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => new LatencyHistogram().Add(bytes));

    [Fact]
    public void Record_BeyondItsReach_StaysAtItsEnds()
    {
        var histogram = Of([0, 999, 1000, TimeSpan.TicksPerDay]);
        Assert.Equal(4, histogram.Count);
        Assert.Equal(LatencyHistogram.Shortest, histogram.Percentile(0.75));
        Assert.InRange(histogram.Max!.Value.TotalSeconds, 60, 66);
    }

    [Fact]
    public void Percentile_OfNothing_IsNull()
    {
        Assert.Null(new LatencyHistogram().Percentile(0.5));
        Assert.Null(new LatencyHistogram().Max);
        Assert.Empty(new LatencyHistogram().ToBytes());
    }

    private static LatencyHistogram Of(IEnumerable<long> ticks)
    {
        var histogram = new LatencyHistogram();
        foreach (var each in ticks)
        {
            histogram.Record(TimeSpan.FromTicks(each));
        }

        return histogram;
    }

    private static bool IsSame(LatencyHistogram one, LatencyHistogram other) =>
        one.Count == other.Count && one.Counts.SequenceEqual(other.Counts);
}
