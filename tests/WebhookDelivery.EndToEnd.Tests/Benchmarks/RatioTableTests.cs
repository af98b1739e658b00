using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class RatioTableTests
{
    private static readonly RatioTarget s_target = new("drain", "a ÷ b", Must: 0.45, Aim: 0.6);

    [Fact]
    public void Print_Pairs_HasMedianSpreadBoundsVerdictAndWork()
    {
        var result = new RatioResult(s_target, [Pair(500), Pair(300), Pair(900)], new Account());

        Assert.Equal(
            ["drain", "0.500", "0.300", "0.400", "0.700", "0.900", "3", "≥", "0.45", "≥", "0.6"],
            Row(result)[..11]
        );
        Assert.Equal(["must", "50", "0.500"], Row(result)[11..]);
    }

    [Fact]
    public void Print_LedgerThatDoesNotBalance_IsVoidWhateverTheFigure()
    {
        var lost = Ledger.Empty with { Accepted = 2, Delivered = 1 };

        Assert.Contains("VOID", Row(new RatioResult(s_target, [Pair(900)], Accounts(lost))));
    }

    [Fact]
    public void Print_RefusedAttempts_AreVoidEvenIfAllIsDelivered()
    {
        var refused = new Ledger(1, 1, 0, 0, 0, Refused: 1);

        Assert.Contains("VOID", Row(new RatioResult(s_target, [Pair(900)], Accounts(refused))));
    }

    [Fact]
    public void Print_Counted_HasNoWork() =>
        Assert.Equal(["aim", "-", "-"], Row(RatioResult.Counted(s_target, 1))[11..]);

    [Fact]
    public void Print_LongestName_DoesNotTouchTheFigure() =>
        Assert.All(RatioList.All, ratio => Assert.InRange(ratio.Target.Name.Length, 1, 12));

    [Fact]
    public void Print_PartThatBrokeOff_IsVoidWithoutFigures()
    {
        var row = Row(RatioResult.Broken(s_target, "the server died"));

        Assert.Equal(["drain", "-", "-", "-", "-", "-", "0"], row[..7]);
        Assert.Equal(["VOID", "-", "-"], row[11..]);
    }

    [Fact]
    public void Print_FiguresWithUnit_StayInTheirColumns()
    {
        var heap = new RatioTarget("heap", "a less b", 9, 2, LowerIsBetter: true, Unit: "MB");
        using var text = new StringWriter();

        RatioTable.Print(
            text,
            [RatioResult.Counted(heap, -0.01429), RatioResult.Counted(s_target, 0.5)]
        );

        var lines = text.ToString().Split('\n')[..3];
        var end = lines[0].IndexOf("median", StringComparison.Ordinal) + "median".Length;
        Assert.EndsWith("-0.0143 MB", lines[1][..end], StringComparison.Ordinal);
        Assert.EndsWith("0.500", lines[2][..end], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
    }

    private static Account Accounts(Ledger ledger)
    {
        var account = new Account();
        account.EnterPair("server", ledger);
        return account;
    }

    private static RatioPair Pair(double perSecond) =>
        RatioPair.Of(
            new ArmFigure("server", 64, perSecond, 50),
            new ArmFigure("loop", 64, 1000, 100)
        );

    /// <summary>The words of the one row below the heading.</summary>
    private static string[] Row(RatioResult result)
    {
        using var text = new StringWriter();
        RatioTable.Print(text, [result]);
        return text.ToString().Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
