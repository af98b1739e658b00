using WebhookDelivery.Testing;

namespace WebhookDelivery.Core.Tests;

public sealed class SignatureFaultCodesTests
{
    private static readonly string Page = File.ReadAllText(
        Path.Combine(NpmVerifier.EmulatorsDirectory, "..", "..", "docs", "signature-doctor.md")
    );

    [Fact]
    public void ToCode_EveryFault_HasANameOfItsOwn()
    {
        var codes = Enum.GetValues<SignatureFaultCode>().Select(code => code.ToCode()).ToArray();

        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[a-z_]+$", code));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((SignatureFaultCode)99).ToCode());
    }

    [Fact]
    public void Page_TableOfFaults_IsEveryFaultInTheOrderTold()
    {
        var told =
            from line in Page.Split('\n')
            where line.StartsWith("| `", StringComparison.Ordinal)
            let cells = line.Trim('|').Split('|')
            where cells.Length == 3
            select cells[0].Trim().Trim('`');

        Assert.Equal(Enum.GetValues<SignatureFaultCode>().Select(code => code.ToCode()), told);
    }

    [Fact]
    public void Page_Bounds_AreThoseInForce()
    {
        var options = new EndpointOptions();

        Assert.Equal(3, options.ExpiredSecretsMax);
        Assert.Contains("the last three of an endpoint", Page, StringComparison.Ordinal);
        Assert.Contains(
            $"for {options.ExpiredSecretsKeptFor.TotalDays}\n  days after",
            Page,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"at most {MacBudget.MacsMax} HMACs over at most {MacBudget.BytesMax >> 20} MiB",
            Page,
            StringComparison.Ordinal
        );
    }
}
