namespace WebhookDelivery.Core.Tests;

/// <summary>Live deliveries before a backlog of the same endpoint, and claims that were withdrawn.</summary>
public sealed class DispatcherBacklogTests
{
    private static readonly DateTimeOffset Now = Sample.Now;
    private static readonly EndpointLimits Wide = new(1000, null);
    private static readonly EndpointKey Endpoint = Sample.EndpointKey(0);

    private readonly StubSender _sender = new();
    private int _claims;

    [Fact]
    public void TryTake_LiveBehindABacklog_GoesFirst()
    {
        var dispatcher = New();
        var backlog = Offer(dispatcher, 100, backlog: true);
        var live = Offer(dispatcher, 3);

        Assert.Equal([.. live, .. backlog], TakeAll(dispatcher));
    }

    [Fact]
    public void TryTake_LiveWithoutEnd_LetsEveryEighthBeOfTheBacklog()
    {
        var dispatcher = New();
        var backlog = Offer(dispatcher, 10, backlog: true);
        var live = Offer(dispatcher, 100);

        var taken = TakeAll(dispatcher);

        Assert.Equal(backlog, taken.Where(each => each.Due.Backlog));
        Assert.Equal(live, taken.Where(each => !each.Due.Backlog));
        Assert.All(
            taken.Take(80).Chunk(8),
            eight => Assert.True(eight[7].Due.Backlog && eight.Count(each => each.Due.Backlog) == 1)
        );
    }

    [Fact]
    public void TryTake_BacklogOfOneEndpoint_TakesTurnsWithOtherEndpoints()
    {
        var dispatcher = New();
        Offer(dispatcher, 50, backlog: true);
        var other = Sample.EndpointKey(1);
        Assert.True(dispatcher.Offer(Sample.Claim(other, _claims++), Wide, Now));
        Assert.Contains(TakeAll(dispatcher).Take(2), each => each.Due.Key.Endpoint == other);
    }

    [Fact]
    public void Offer_LeasedAndLiveBehindABacklogThatIsFull_IsTaken()
    {
        var dispatcher = New();
        for (var i = 0; i < 5; i++)
        {
            Assert.True(dispatcher.Offer(Leased(backlog: true), Wide, Now));
        }

        Assert.False(dispatcher.Offer(Leased(backlog: true), Wide, Now));
        Assert.True(dispatcher.Offer(Leased(backlog: false), Wide, Now));
        Assert.Equal(6, dispatcher.TakeEnding(DateTimeOffset.MaxValue, Now).Count);
        Assert.Equal(10_000, dispatcher.Room);
        Assert.False(dispatcher.TryTake(Now, out _));
    }

    [Fact]
    public void TakeAll_OfBoth_ReturnsAll()
    {
        var dispatcher = New();
        var backlog = Offer(dispatcher, 3, backlog: true);
        var live = Offer(dispatcher, 3);
        Assert.Equal(
            [.. live, .. backlog],
            dispatcher.TakeAll(Now).Select(each => each.Claim).ToHashSet()
        );
        Assert.False(dispatcher.TryTake(Now, out _));
        Assert.Equal(DispatcherProbe.Empty, DispatcherProbe.Held(dispatcher));
    }

    [Fact]
    public void TryTake_WhatWasWithdrawn_TakesNoTurnOfTheRate()
    {
        var dispatcher = New();
        var limits = new EndpointLimits(1000, 2);
        var claims = Enumerable.Range(0, 12).Select(_ => Claim()).ToList();
        foreach (var claim in claims)
        {
            Assert.True(dispatcher.Offer(claim, limits, Now));
        }

        claims.Take(10).ToList().ForEach(claim => claim.Withdraw());
        Assert.Equal(claims, TakeAll(dispatcher));
    }

    [Theory]
    [InlineData(false, 1, 1, 0, 59, false)]
    [InlineData(true, 1, 1, 0, 59, false)]
    [InlineData(true, 1, 1, 0, 61, true)]
    [InlineData(true, 1, 2, 0, 0, true)]
    [InlineData(true, 2, 1, 0, 0, true)]
    [InlineData(true, 1, 1, 1, 0, true)]
    [InlineData(false, 2, 3, 4, 600, false)]
    public void MayBeStale_OfAClaim_IsWhatAQueueThatOthersShareCannotKnow(
        bool leased,
        int generation,
        int attempt,
        int postponements,
        int secondsQueued,
        bool expected
    )
    {
        var claim = Claim() with
        {
            LeaseEndsAt = leased ? Now.AddHours(1) : null,
            Postponements = postponements,
        };
        claim = claim with { Due = claim.Due with { Generation = generation, Attempt = attempt } };
        Assert.Equal(expected, claim.MayBeStale(Now.AddSeconds(secondsQueued)));
        claim.Withdraw();
        Assert.True(claim.MayBeStale(Now));
    }

    private Dispatcher New() =>
        new(new DeliveryOptions { HeldMax = 10_000, LeasedPerEndpointMax = 5 }, _sender);

    private ClaimedDelivery Claim(bool backlog = false)
    {
        var claim = Sample.Claim(Endpoint, _claims++);
        return claim with { Due = claim.Due with { Backlog = backlog } };
    }

    private ClaimedDelivery Leased(bool backlog) =>
        Claim(backlog) with
        {
            LeaseEndsAt = Now.AddHours(1),
        };

    private List<ClaimedDelivery> Offer(Dispatcher dispatcher, int count, bool backlog = false)
    {
        var claims = Enumerable.Range(0, count).Select(_ => Claim(backlog)).ToList();
        claims.ForEach(claim => Assert.True(dispatcher.Offer(claim, Wide, Now)));
        return claims;
    }

    private static List<ClaimedDelivery> TakeAll(Dispatcher dispatcher)
    {
        var taken = new List<ClaimedDelivery>();
        while (dispatcher.TryTake(Now, out var claim))
        {
            taken.Add(claim);
        }

        return taken;
    }
}
