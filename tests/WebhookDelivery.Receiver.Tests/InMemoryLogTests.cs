using Microsoft.Extensions.Options;

namespace WebhookDelivery.Receiver.Tests;

public sealed class InMemoryLogTests
{
    [Fact]
    public async Task Claim_ByItsState_IsClaimedInProgressOrProcessed()
    {
        var log = Make(10);

        Assert.Equal(WebhookClaim.Claimed, await Claim(log, 1));
        Assert.Equal(WebhookClaim.InProgress, await Claim(log, 1));
        await log.ReleaseAsync(Key(1));
        Assert.Equal(WebhookClaim.Claimed, await Claim(log, 1));
        await log.CompleteAsync(Key(1));
        await log.CompleteAsync(Key(1));
        await log.ReleaseAsync(Key(1));
        Assert.Equal(WebhookClaim.AlreadyProcessed, await Claim(log, 1));
    }

    [Fact]
    public async Task Complete_BeyondCapacity_ForgetsTheOldestAndNoClaim()
    {
        var log = Make(3);
        await Claim(log, 100);
        for (var i = 1; i <= 4; i++)
        {
            await Claim(log, i);
            await log.CompleteAsync(Key(i));
        }

        Assert.Equal(WebhookClaim.Claimed, await Claim(log, 1));
        Assert.Equal(WebhookClaim.AlreadyProcessed, await Claim(log, 2));
        Assert.Equal(WebhookClaim.AlreadyProcessed, await Claim(log, 4));
        Assert.Equal(WebhookClaim.InProgress, await Claim(log, 100));
    }

    [Fact]
    public async Task Clear_ForgetsProcessedKeepsClaims()
    {
        var log = Make(3);
        await Claim(log, 1);
        await log.CompleteAsync(Key(1));
        await Claim(log, 2);

        log.Clear();

        Assert.Equal(WebhookClaim.Claimed, await Claim(log, 1));
        Assert.Equal(WebhookClaim.InProgress, await Claim(log, 2));
    }

    internal static InMemoryReceivedWebhookLog Make(int capacity) =>
        new(Options.Create(new WebhookReceiverOptions { RememberedIdsMax = capacity }));

    private static ValueTask<WebhookClaim> Claim(InMemoryReceivedWebhookLog log, int n) =>
        log.ClaimAsync(Key(n), CancellationToken.None);

    private static WebhookKey Key(int n) => new("/webhooks", $"evt_{n}");
}
