namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Runs on the embedded engine, whose one process knows what holds a delivery back.</summary>
public sealed class SqliteExplainRunTests : ExplainRunTests<SqliteHome>
{
    protected override int EventsPosted => 300;

    protected override int Comparisons => 3;

    protected override bool KnowsWhatHolds => true;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task Explain_OfARandomisedRun_AgreesWithTheLedger(int seed) => RunAsync(seed);
}
