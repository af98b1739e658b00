namespace WebhookDelivery.Core.Tests;

public sealed class SignatureFaultCodesTests
{
    [Fact]
    public void ToCode_EveryFault_HasANameOfItsOwn()
    {
        var codes = Enum.GetValues<SignatureFaultCode>().Select(code => code.ToCode()).ToArray();

        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[a-z_]+$", code));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((SignatureFaultCode)99).ToCode());
    }
}
