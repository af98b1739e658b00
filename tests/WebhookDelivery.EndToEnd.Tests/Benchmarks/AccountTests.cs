using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class AccountTests
{
    private static readonly Ledger s_sound = new(10, 10, 0, 0, 0, 0);

    [Fact]
    public void EnterPair_LossInOneAndGainInAnother_IsAFaultOfBoth()
    {
        var account = new Account();
        account.EnterPair("server", s_sound);
        account.EnterPair("loop", s_sound);
        account.EnterPair("server", s_sound with { Delivered = 9 });
        account.EnterPair("server", s_sound with { Delivered = 11 });

        Assert.True(account.Total.Balances);
        Assert.Collection(
            account.Faults,
            fault => Assert.StartsWith("pair 2, server: ", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("pair 3, server: ", fault, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Enter_IdsThatDoNotMatch_AreAFaultThoughTheNumbersDo()
    {
        var account = new Account();
        account.Enter("backlog", s_sound with { Unmatched = 1 });

        Assert.StartsWith("backlog: ", Assert.Single(account.Faults), StringComparison.Ordinal);
    }
}
