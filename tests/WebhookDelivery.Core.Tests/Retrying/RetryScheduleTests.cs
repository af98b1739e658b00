using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

public sealed class RetryScheduleTests
{
    private static readonly Arbitrary<RetrySchedule> Schedules = Gen.Choose(
            0,
            RetrySchedule.WaitsMax
        )
        .SelectMany(count =>
            Gen.OneOf(
                    Gen.Choose(1, 5_000),
                    Gen.Elements(1, 60, 90, 600, 1440).Select(count => count * 1000),
                    Gen.Choose(1, 16).Select(hours => hours * 3_600_000)
                )
                .ListOf(count)
        )
        .Select(waits =>
            RetrySchedule.Create([.. waits.Select(ms => TimeSpan.FromMilliseconds(ms))], out _)!
        )
        .ToArbitrary();

    [Fact]
    public void Default_IsOneToSixteenMinutes()
    {
        Assert.Equal(["1m", "2m", "4m", "8m", "16m"], RetrySchedule.Default.Format());
        Assert.Equal(6, RetrySchedule.Default.Attempts);
    }

    [Fact]
    public void Parse_FormattedSchedule_GivesTheSameSchedule() =>
        Prop.ForAll(
                Schedules,
                schedule =>
                {
                    var parsed = RetrySchedule.Parse(schedule.Format(), out var fault);
                    return fault is null
                        && schedule.Equals(parsed)
                        && schedule.GetHashCode() == parsed!.GetHashCode()
                        && schedule.Attempts == schedule.Waits.Count + 1;
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1ms", 1, "1ms")]
    [InlineData("1000ms", 1_000, "1s")]
    [InlineData("1500ms", 1_500, "1500ms")]
    [InlineData("90s", 90_000, "90s")]
    [InlineData("120m", 7_200_000, "2h")]
    [InlineData("48h", 172_800_000, "2d")]
    [InlineData("0000000005", null, null)]
    [InlineData("0000000005s", 5_000, "5s")]
    [InlineData("7d", 604_800_000, "7d")]
    [InlineData("604800s", 604_800_000, "7d")]
    [InlineData("604800000ms", 604_800_000, "7d")]
    [InlineData("604800001ms", null, null)]
    [InlineData("604801s", null, null)]
    [InlineData("8d", null, null)]
    [InlineData("9999999999d", null, null)]
    [InlineData("99999999999d", null, null)]
    [InlineData("18446744073709551617s", null, null)]
    [InlineData("0s", null, null)]
    [InlineData("-1s", null, null)]
    [InlineData("+1s", null, null)]
    [InlineData("1.5s", null, null)]
    [InlineData("1e3s", null, null)]
    [InlineData("1 s", null, null)]
    [InlineData(" 1s", null, null)]
    [InlineData("1s ", null, null)]
    [InlineData("1S", null, null)]
    [InlineData("1", null, null)]
    [InlineData("s", null, null)]
    [InlineData("", null, null)]
    [InlineData("1w", null, null)]
    [InlineData("1sm", null, null)]
    [InlineData("١s", null, null)]
    [InlineData(null, null, null)]
    public void Parse_OneWait_IsReadStrictly(string? text, int? milliseconds, string? formatted)
    {
        var schedule = RetrySchedule.Parse([text], out var fault);
        if (milliseconds is { } expected)
        {
            Assert.Null(fault);
            Assert.Equal([TimeSpan.FromMilliseconds(expected)], schedule!.Waits);
            Assert.Equal([formatted!], schedule.Format());
        }
        else
        {
            Assert.Null(schedule);
            Assert.Contains("Wait 1 must be", fault, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_FaultInALaterWait_NamesIt()
    {
        Assert.Null(RetrySchedule.Parse(["1s", "2s", "x"], out var fault));
        Assert.StartsWith("Wait 3 ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Parse_AtTheBoundsOfCount_IsInclusive(int count, bool accepted)
    {
        var schedule = RetrySchedule.Parse([.. Enumerable.Repeat("1s", count)], out var fault);
        Assert.Equal(accepted, schedule is not null);
        Assert.Equal(accepted, fault is null);
    }

    [Fact]
    public void Create_AtTheBoundsOfAWait_IsExclusiveBelowAndInclusiveAbove()
    {
        var millisecond = TimeSpan.FromMilliseconds(1);
        Assert.NotNull(RetrySchedule.Create([millisecond], out _));
        Assert.NotNull(RetrySchedule.Create([RetrySchedule.WaitMax], out _));
        Assert.Null(RetrySchedule.Create([TimeSpan.Zero], out _));
        Assert.Null(RetrySchedule.Create([-millisecond], out _));
        Assert.Null(RetrySchedule.Create([RetrySchedule.WaitMax + millisecond], out _));
        Assert.Null(RetrySchedule.Create([TimeSpan.MaxValue, TimeSpan.MaxValue], out _));
        Assert.Null(RetrySchedule.Create([TimeSpan.MinValue], out _));
    }

    [Fact]
    public void Create_AtTheBoundOfTheSum_IsInclusive()
    {
        var week = TimeSpan.FromDays(7);
        Assert.NotNull(RetrySchedule.Create([week, week], out _));
        Assert.Null(
            RetrySchedule.Create([week, week, TimeSpan.FromMilliseconds(1)], out var fault)
        );
        Assert.Contains("14 days", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NotWholeMilliseconds_IsRefused()
    {
        // Format has no smaller unit: such a wait would be stored as another, or as "0d".
        foreach (var ticks in new long[] { 1, 9_999, 10_001, 600_000_001 })
        {
            Assert.Null(RetrySchedule.Create([TimeSpan.FromTicks(ticks)], out var fault));
            Assert.NotNull(fault);
        }
    }

    [Fact]
    public void Create_CallerChangesItsListLater_ScheduleStays()
    {
        var waits = new[] { TimeSpan.FromSeconds(1) };
        var schedule = RetrySchedule.Create(waits, out _)!;
        waits[0] = TimeSpan.FromDays(100);
        Assert.Equal([TimeSpan.FromSeconds(1)], schedule.Waits);
    }

    [Fact]
    public void Equals_OtherWaits_IsFalse()
    {
        var one = RetrySchedule.Parse(["1s", "2s"], out _)!;
        Assert.False(one.Equals(RetrySchedule.Parse(["2s", "1s"], out _)));
        Assert.False(one.Equals(RetrySchedule.Parse(["1s"], out _)));
        Assert.False(one.Equals(null));
    }
}
