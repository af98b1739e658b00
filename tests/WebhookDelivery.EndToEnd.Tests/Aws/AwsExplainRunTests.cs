namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A smaller run on the AWS engine, where a delivery may rest in a queue.</summary>
public sealed class AwsExplainRunTests : ExplainRunTests<AwsHome>
{
    protected override int EventsPosted => 60;

    protected override int Comparisons => 1;

    protected override bool KnowsWhatHolds => false;

    [Theory]
    [InlineData(3)]
    public Task Explain_OfARandomisedRun_AgreesWithTheLedger(int seed) => RunAsync(seed);
}
