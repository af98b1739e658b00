using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class RatioTargetTests
{
    private static readonly RatioTarget s_higher = new("drain", "a ÷ b", Must: 0.45, Aim: 0.6);
    private static readonly RatioTarget s_lower = new(
        "heap",
        "a less b",
        Must: 9,
        Aim: 2,
        LowerIsBetter: true,
        Unit: "MB"
    );

    [Theory]
    [InlineData(0.449, "MISSES MUST")]
    [InlineData(0.45, "must")]
    [InlineData(0.599, "must")]
    [InlineData(0.6, "aim")]
    public void Verdict_HigherIsBetter_AllowsTheBoundItself(double figure, string verdict) =>
        Assert.Equal(verdict, s_higher.Verdict(figure));

    [Theory]
    [InlineData(9.1, "MISSES MUST")]
    [InlineData(9, "must")]
    [InlineData(2, "aim")]
    [InlineData(-3, "aim")]
    public void Verdict_LowerIsBetter_AllowsTheBoundItself(double figure, string verdict) =>
        Assert.Equal(verdict, s_lower.Verdict(figure));

    [Fact]
    public void Verdict_NoBounds_IsNotJudgedAndNeverMissed()
    {
        var shown = new RatioTarget("shown", "a ÷ b");

        Assert.Equal("not judged", shown.Verdict(0));
        Assert.True(shown.Meets(0, shown.Must));
        Assert.Equal("-", shown.Bound(shown.Must));
    }

    [Fact]
    public void At_TwoMilliseconds_IsNamedAfterItAndOnlyShown()
    {
        var slow = s_higher.At(FsyncMode.TwoMilliseconds);

        Assert.Equal("drain-2ms", slow.Name);
        Assert.Null(slow.Must);
        Assert.Null(slow.Aim);
        Assert.Same(s_higher, s_higher.At(FsyncMode.Untouched));
    }

    [Theory]
    [InlineData(0.03125, "0.0313 MB")]
    [InlineData(2.5, "2.500 MB")]
    [InlineData(-12.345, "-12.35 MB")]
    [InlineData(1234.56, "1234.6 MB")]
    public void Text_Figure_HasTheDigitsThatCountAndItsUnit(double figure, string text) =>
        Assert.Equal(text, s_lower.Text(figure));

    [Fact]
    public void Bound_UnitAndDirection_ArePartOfTheText()
    {
        Assert.Equal("≥ 0.45", s_higher.Bound(s_higher.Must));
        Assert.Equal("≤ 9 MB", s_lower.Bound(s_lower.Must));
    }
}
