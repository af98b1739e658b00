using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class ProfileTests
{
    [Theory]
    [InlineData("System.String", "String")]
    [InlineData(
        "System.Collections.Generic.Dictionary`2+Entry[System.Int32,System.String][]",
        "Dictionary`2+Entry[Int32,String][]"
    )]
    [InlineData(
        "System.Runtime.CompilerServices.AsyncTaskMethodBuilder`1+AsyncStateMachineBox`1[System.Boolean,Some.Store+<AwaitAsync>d__9]",
        "async Store.AwaitAsync"
    )]
    public void Shortened_Type_SaysWhatAllocates(string type, string name) =>
        Assert.Equal(name, ProfileReport.Shortened(type));

    /// <summary>A small object stands for the distance between samples, a large one for itself.</summary>
    [Theory]
    [InlineData(24, 102_412)]
    [InlineData(10_000_000, 10_000_000)]
    public void Weight_Object_StandsForWhatItsProbabilitySays(double bytes, double expected) =>
        Assert.Equal(expected, AllocationSampler.Weight(bytes), tolerance: 1);
}
