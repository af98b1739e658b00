using System.Diagnostics;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>
/// Every receiver of the catalogue comes to its documented outcome in bounded time, one after
/// another and all of them at once.
/// </summary>
public sealed class HostileCatalogueTests(HostileCatalogueRun run)
    : IClassFixture<HostileCatalogueRun>
{
    /// <summary>What a loaded machine may add to a time that is bounded.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(2);

    public static TheoryData<string> Names =>
        [.. HostileReceivers.All.Select(receiver => receiver.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Send_HostileReceiver_ComesToItsOutcomeInTime(string name)
    {
        var receiver = HostileReceivers.Named(name);
        var (attempts, requestsRead) = (await run.ResultsAsync())[name];

        Assert.All(attempts, attempt => Assert.Contains(attempt.Outcome, receiver.Outcomes));
        Assert.All(
            receiver.Outcomes,
            outcome => Assert.Contains(attempts, attempt => attempt.Outcome == outcome)
        );
        // Followed nowhere, sent again on no connection of the handler's own accord.
        Assert.InRange(requestsRead, 0, attempts.Count);
        Assert.All(
            attempts,
            attempt => Assert.InRange(attempt.Took, TimeSpan.Zero, MaxOf(receiver))
        );
        if (receiver.Outcomes is [{ Reason: ReasonCode.Timeout }])
        {
            Assert.All(
                attempts,
                attempt => Assert.InRange(attempt.Took, run.Deadline * 0.9, run.Deadline + s_margin)
            );
        }
    }

    private TimeSpan MaxOf(HostileReceiver receiver) =>
        receiver.Ends == AttemptEnd.AtOnce ? run.Deadline : run.Deadline + s_margin;
}
