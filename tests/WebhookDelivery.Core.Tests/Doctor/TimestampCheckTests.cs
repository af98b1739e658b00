namespace WebhookDelivery.Core.Tests;

public sealed class TimestampCheckTests
{
    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    [InlineData(0)]
    public void Find_WithinTheTolerance_IsNoFault(int seconds) =>
        Assert.True(
            new DoctorRig { Late = TimeSpan.FromSeconds(seconds) }
                .Diagnose()
                .Valid
        );

    [Theory]
    [InlineData(301, "timestamp_too_old", "301 s before", "1 s more than the tolerance of 300 s")]
    [InlineData(-420, "timestamp_in_future", "420 s after", "120 s more than the tolerance")]
    public void Find_BeyondIt_TellsByHowMuchAndThatTheSignatureIsRight(
        int seconds,
        string code,
        string apart,
        string beyond
    )
    {
        var diagnosis = new DoctorRig { Late = TimeSpan.FromSeconds(seconds) }.Diagnose();

        var fault = Assert.Single(diagnosis.Faults);
        Assert.Equal(code, fault.Code.ToCode());
        Assert.Contains(apart, fault.Detail, StringComparison.Ordinal);
        Assert.Contains(beyond, fault.Detail, StringComparison.Ordinal);
        Assert.Contains("itself is right", fault.Detail, StringComparison.Ordinal);
        Assert.False(diagnosis.Valid);
    }

    [Fact]
    public void Find_BesideAnotherFault_ComesLastAndSaysThatTheSignatureIsWrongToo()
    {
        var rig = new DoctorRig { Signer = DoctorRig.Unknown, Late = TimeSpan.FromHours(1) };

        Assert.Equal(["unknown_secret", "timestamp_too_old"], rig.Codes());
        Assert.Contains(
            "not right either",
            rig.Diagnose().Faults[1].Detail,
            StringComparison.Ordinal
        );
    }
}
