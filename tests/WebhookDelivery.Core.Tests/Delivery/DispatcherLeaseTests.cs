namespace WebhookDelivery.Core.Tests;

/// <summary>Claims under leases that end by time: what waits too long goes back.</summary>
public sealed class DispatcherLeaseTests
{
    private static readonly DateTimeOffset Now = Sample.Now;
    private static readonly EndpointLimits Narrow = new(2, null);
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(10);

    private readonly StubSender _sender = new();
    private int _claims;

    [Fact]
    public void TakeEnding_SomeLeasesEnd_RemovesThoseAndNoOthers()
    {
        var dispatcher = New();
        var early = Offer(dispatcher, 0, Now.AddSeconds(30));
        var late = Offer(dispatcher, 0, Now.AddSeconds(60));
        var unleased = Offer(dispatcher, 1, null);

        var ending = dispatcher.TakeEnding(Now.AddSeconds(31), Now);

        Assert.Equal([(early, Now)], ending);
        Assert.Equal([late, unleased], TakeAll(dispatcher).ToHashSet());
    }

    [Fact]
    public void TakeEnding_OfALaneInItsRound_LeavesNothingToHandOut()
    {
        var dispatcher = New();
        Offer(dispatcher, 0, Now.AddSeconds(30));
        Assert.Single(dispatcher.TakeEnding(DateTimeOffset.MaxValue, Now));
        Assert.False(dispatcher.TryTake(Now, out _));
        Assert.Equal(10_000, dispatcher.Room);

        var again = Offer(dispatcher, 0, Now.AddSeconds(60));
        Assert.Equal([again], TakeAll(dispatcher));
    }

    [Fact]
    public void TakeEnding_BehindAnOpenBreaker_SaysWhenItMayGo()
    {
        var dispatcher = New();
        _sender.OpenUntil[Sample.EndpointKey(0)] = Now.AddSeconds(10);
        var claim = Offer(dispatcher, 0, Now.AddSeconds(30));
        Assert.False(dispatcher.TryTake(Now, out _));
        Assert.Equal(
            [(claim, Now.AddSeconds(10))],
            dispatcher.TakeEnding(Now.AddMinutes(1), Now.AddSeconds(1))
        );
        Assert.False(dispatcher.TryTake(Now.AddSeconds(11), out _));
        Assert.Null(dispatcher.NextWake);
    }

    [Fact]
    public void TakeEnding_OfWhatIsUnderWay_LeavesItAlone()
    {
        var dispatcher = New();
        Offer(dispatcher, 0, Now.AddSeconds(30));
        Assert.True(dispatcher.TryTake(Now, out var claim));
        Assert.Empty(dispatcher.TakeEnding(DateTimeOffset.MaxValue, Now));
        dispatcher.Release(claim.Due.Key.Endpoint, null, Now);
        Assert.Equal(0, dispatcher.UnderWay);
    }

    [Fact]
    public void Offer_BeyondWhatAnEndpointMayHold_IsRefusedIfLeased()
    {
        var dispatcher = New();
        for (var i = 0; i < 5; i++)
        {
            Offer(dispatcher, 0, Now.AddSeconds(60));
        }

        Assert.False(dispatcher.Offer(Claim(0, Now.AddSeconds(60)), Narrow, Now));
        Assert.True(dispatcher.Offer(Claim(1, Now.AddSeconds(60)), Narrow, Now));
        Assert.True(dispatcher.Offer(Claim(0, null), Narrow, Now));
    }

    [Fact]
    public void Offer_WithTooLittleLeftOfItsLease_IsRefused()
    {
        var dispatcher = New();
        Assert.False(
            dispatcher.Offer(Claim(0, Now + s_margin - TimeSpan.FromTicks(1)), Narrow, Now)
        );
        Assert.True(dispatcher.Offer(Claim(1, Now + s_margin), Narrow, Now));
    }

    [Fact]
    public void Hold_OfOneTenant_LetsTheOthersGo()
    {
        var dispatcher = New();
        var other = Sample.EndpointKey(0) with { TenantId = Sample.OtherTenant };
        Offer(dispatcher, 0, null);
        dispatcher.Hold(Sample.Tenant);
        dispatcher.Hold(Sample.Tenant);
        Assert.True(dispatcher.Offer(Sample.Claim(other, 99), Narrow, Now));
        Assert.Equal(other, Assert.Single(TakeAll(dispatcher)).Due.Key.Endpoint);

        dispatcher.Resume(Sample.Tenant);
        Assert.Empty(TakeAll(dispatcher));
        dispatcher.Resume(Sample.Tenant);
        Assert.Single(TakeAll(dispatcher));
    }

    [Fact]
    public void Offer_WhileTheLaneStandsAside_HoldsNoMoreThanItsCap()
    {
        var dispatcher = New();
        _sender.OpenUntil[Sample.EndpointKey(0)] = Now.AddSeconds(10);
        Offer(dispatcher, 0, Now.AddSeconds(60));
        Assert.False(dispatcher.TryTake(Now, out _));
        Offer(dispatcher, 0, Now.AddSeconds(60));
        Assert.False(dispatcher.Offer(Claim(0, Now.AddSeconds(60)), Narrow, Now));
    }

    [Fact]
    public void TakeAll_RandomSteps_LosesAndDoublesNothing()
    {
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var dispatcher = New();
            var inside = new HashSet<ClaimedDelivery>();
            var underWay = new List<ClaimedDelivery>();
            for (var step = 0; step < 200; step++)
            {
                var now = Now.AddSeconds(step);
                switch (random.Next(5))
                {
                    case 0 or 1:
                        var claim = Claim(
                            random.Next(4),
                            random.Next(3) == 0 ? null : now.AddSeconds(random.Next(1, 90))
                        );
                        if (dispatcher.Offer(claim, Narrow, now))
                        {
                            Assert.True(inside.Add(claim));
                        }

                        break;
                    case 2 when dispatcher.TryTake(now, out var taken):
                        Assert.True(inside.Remove(taken));
                        underWay.Add(taken);
                        break;
                    case 3 when underWay.Count > 0:
                        dispatcher.Release(underWay[0].Due.Key.Endpoint, null, now);
                        underWay.RemoveAt(0);
                        break;
                    case 4:
                        foreach (var (ending, _) in dispatcher.TakeEnding(now.AddSeconds(20), now))
                        {
                            Assert.True(ending.LeaseEndsAt < now.AddSeconds(20));
                            Assert.True(inside.Remove(ending));
                        }

                        break;
                    default:
                        break;
                }

                Assert.Equal(10_000 - inside.Count - underWay.Count, dispatcher.Room);
            }

            Assert.Equal(
                inside,
                dispatcher.TakeAll(Now.AddHours(1)).Select(each => each.Claim).ToHashSet()
            );
        }
    }

    private Dispatcher New() =>
        new(
            new DeliveryOptions
            {
                HeldMax = 10_000,
                LeasedPerEndpointMax = 5,
                LeaseMargin = s_margin,
            },
            _sender
        );

    private ClaimedDelivery Claim(int endpoint, DateTimeOffset? leaseEndsAt) =>
        Sample.Claim(Sample.EndpointKey(endpoint), _claims++) with
        {
            LeaseEndsAt = leaseEndsAt,
        };

    private ClaimedDelivery Offer(Dispatcher dispatcher, int endpoint, DateTimeOffset? leaseEndsAt)
    {
        var claim = Claim(endpoint, leaseEndsAt);
        Assert.True(dispatcher.Offer(claim, Narrow, Now));
        return claim;
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
