namespace WebhookDelivery.Core.Tests;

public sealed class DispatcherTests
{
    private static readonly DateTimeOffset Now = Sample.Now;
    private static readonly EndpointLimits Wide = new(1000, null);

    private readonly StubSender _sender = new();
    private int _claims;

    [Fact]
    public void TryTake_NothingOffered_Fails()
    {
        var dispatcher = New();
        Assert.False(dispatcher.TryTake(Now, out var claim));
        Assert.Null(claim);
        Assert.Null(dispatcher.NextWake);
        Assert.Equal(65_536, dispatcher.Room);
    }

    [Fact]
    public void TryTake_TenantOfFiftyEndpointsAndTenantOfOne_TakeTurns()
    {
        var dispatcher = New();
        var small = new EndpointKey(Sample.OtherTenant, Sample.EndpointId(0));
        for (var i = 0; i < 50; i++)
        {
            Offer(dispatcher, Sample.EndpointKey(i), 20, Wide);
        }

        Offer(dispatcher, small, 100, Wide);
        var taken = TakeAll(dispatcher, Now);

        Assert.Equal(1100, taken.Count);
        Assert.Equal(100, taken.Take(200).Count(each => each.Due.Key.Endpoint == small));
        Assert.All(
            taken.Take(200).Chunk(2),
            pair => Assert.Single(pair, each => each.Due.Key.Endpoint == small)
        );
    }

    [Fact]
    public void TryTake_EndpointsOfOneTenant_TakeTurnsWhateverTheirBacklog()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 100, Wide);
        Offer(dispatcher, Sample.EndpointKey(1), 10, Wide);
        Offer(dispatcher, Sample.EndpointKey(2), 10, Wide);
        var first = TakeAll(dispatcher, Now).Take(30).ToList();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(10, first.Count(each => each.Due.Key.Endpoint == Sample.EndpointKey(i)));
        }
    }

    [Fact]
    public void TryTake_TenantWhoseOtherEndpointsAreBroken_LosesItsTurnAtMostOncePerEndpoint()
    {
        var dispatcher = New();
        var other = new EndpointKey(Sample.OtherTenant, Sample.EndpointId(0));
        for (var i = 0; i < 3; i++)
        {
            Offer(dispatcher, Sample.EndpointKey(i), 100, Wide);
            if (i < 2)
            {
                _sender.OpenUntil[Sample.EndpointKey(i)] = Now.AddMinutes(1);
            }
        }

        Offer(dispatcher, other, 100, Wide);
        var taken = TakeAll(dispatcher, Now);
        var healthy = taken.Take(100).Count(each => each.Due.Key.Endpoint == Sample.EndpointKey(2));
        Assert.InRange(healthy, 49, 51);
        Assert.Equal(200, taken.Count);
    }

    [Fact]
    public void TryTake_OneEndpoint_KeepsTheOrderOfOffers()
    {
        var dispatcher = New();
        var offered = Offer(dispatcher, Sample.EndpointKey(0), 50, Wide);
        Assert.Equal(offered, TakeAll(dispatcher, Now));
    }

    [Theory]
    [InlineData(7, 1000, 1000)]
    [InlineData(1000, 7, 1000)]
    [InlineData(1000, 1000, 1)]
    public void TryTake_AtACap_WaitsForARelease(int process, int tenant, int endpoint)
    {
        var dispatcher = New(process, tenant);
        for (var i = 0; i < 7; i++)
        {
            Offer(dispatcher, Sample.EndpointKey(i), 20, new EndpointLimits(endpoint, null));
        }

        var taken = TakeAll(dispatcher, Now);

        Assert.Equal(7, taken.Count);
        Assert.Equal(7, dispatcher.InFlight);
        Assert.Null(dispatcher.NextWake);
        dispatcher.Release(taken[0].Due.Key.Endpoint, null, Now);
        Assert.Single(TakeAll(dispatcher, Now));
    }

    [Fact]
    public void TryTake_EndpointAtItsCap_LeavesOthersAlone()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 10, new EndpointLimits(1, null));
        Offer(dispatcher, Sample.EndpointKey(1), 10, Wide);
        Assert.Equal(11, TakeAll(dispatcher, Now).Count);
    }

    [Fact]
    public void Release_WiderLimits_StartMoreAtOnce()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 10, new EndpointLimits(1, null));
        Assert.Single(TakeAll(dispatcher, Now));
        dispatcher.Release(Sample.EndpointKey(0), new EndpointLimits(5, null), Now);
        Assert.Equal(5, TakeAll(dispatcher, Now).Count);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(10)]
    [InlineData(333)]
    public void TryTake_Rate_AllowsNoWindowMoreThanRateAndBurst(double rate)
    {
        var dispatcher = New();
        var random = new Random(1);
        var begun = new List<DateTimeOffset>();
        var now = Now;
        while (begun.Count < 600)
        {
            // Drained and offered again by ones and by dozens: the lane comes and goes.
            Offer(dispatcher, Sample.EndpointKey(0), random.Next(1, 12), new(1000, rate));
            for (var i = 0; i < 20; i++)
            {
                foreach (var claim in TakeAll(dispatcher, now))
                {
                    begun.Add(now);
                    dispatcher.Release(claim.Due.Key.Endpoint, null, now);
                }

                now += TimeSpan.FromSeconds(random.NextDouble() * 2 / rate);
            }
        }

        AssertWithin(begun, rate);
    }

    [Fact]
    public void TryTake_RateUnderSteadyDemand_IsReached()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 2000, new EndpointLimits(1000, 10));
        var taken = 0;
        for (var now = Now; now < Now.AddSeconds(100); now = dispatcher.NextWake!.Value)
        {
            foreach (var claim in TakeAll(dispatcher, now))
            {
                taken++;
                dispatcher.Release(claim.Due.Key.Endpoint, null, now);
            }
        }

        // A burst of 10, then one every 100 ms.
        Assert.InRange(taken, 1008, 1010);
    }

    [Fact]
    public void Offer_LaneThatDrained_GetsNoFreshBurst()
    {
        var dispatcher = New();
        var limits = new EndpointLimits(1000, 10);
        for (var i = 0; i < 10; i++)
        {
            Offer(dispatcher, Sample.EndpointKey(0), 1, limits);
            dispatcher.Release(TakeAll(dispatcher, Now).Single().Due.Key.Endpoint, limits, Now);
        }

        Offer(dispatcher, Sample.EndpointKey(0), 1, limits);
        Assert.Empty(TakeAll(dispatcher, Now));
        Assert.Single(TakeAll(dispatcher, Now.AddMilliseconds(100)));
    }

    [Fact]
    public void Offer_RateRaised_EndsTheWaitOfTheOldRate()
    {
        var dispatcher = New();
        var hourly = 1.0 / 3600;
        Offer(dispatcher, Sample.EndpointKey(0), 2, new EndpointLimits(10, hourly));
        Assert.Single(TakeAll(dispatcher, Now));
        Assert.Equal(Now.AddHours(1), dispatcher.NextWake!.Value, TimeSpan.FromMilliseconds(1));

        Offer(dispatcher, Sample.EndpointKey(0), 1, new EndpointLimits(10, 10));
        Assert.Equal(2, TakeAll(dispatcher, Now.AddMilliseconds(200)).Count);
    }

    [Fact]
    public void Release_RateLifted_EndsTheWaitOfTheOldRate()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 3, new EndpointLimits(10, 0.001));
        var taken = TakeAll(dispatcher, Now);
        dispatcher.Release(taken.Single().Due.Key.Endpoint, new EndpointLimits(10, null), Now);
        Assert.Equal(2, TakeAll(dispatcher, Now).Count);
    }

    [Fact]
    public void Offer_RateLowered_OwesNoMoreThanOneBurst()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 100, new EndpointLimits(1000, 100));
        Assert.Equal(100, TakeAll(dispatcher, Now).Count);
        Offer(dispatcher, Sample.EndpointKey(0), 5, new EndpointLimits(1000, 0.5));
        Assert.Empty(TakeAll(dispatcher, Now.AddMilliseconds(1900)));
        Assert.Single(TakeAll(dispatcher, Now.AddMilliseconds(2001)));
    }

    [Fact]
    public void TryTake_BreakerOpen_StandsAsideUntilItCloses()
    {
        var dispatcher = New();
        var closes = Now.AddSeconds(30);
        _sender.OpenUntil[Sample.EndpointKey(0)] = closes;
        Offer(dispatcher, Sample.EndpointKey(0), 2, Wide);
        Offer(dispatcher, Sample.EndpointKey(1), 2, Wide);

        Assert.Equal(2, TakeAll(dispatcher, Now).Count);
        Assert.Equal(closes, dispatcher.NextWake);
        Assert.Empty(TakeAll(dispatcher, closes.AddTicks(-1)));
        Assert.Equal(2, TakeAll(dispatcher, closes).Count);
    }

    [Fact]
    public void Return_ClaimNotAttempted_ComesAgainAtItsTimeAndNotBefore()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 1, Wide);
        var claim = TakeAll(dispatcher, Now).Single();
        var until = Now.AddSeconds(5);
        dispatcher.Return(claim, until, Now);

        Assert.Equal(0, dispatcher.InFlight);
        Assert.Equal(65_535, dispatcher.Room);
        Assert.Equal(until, dispatcher.NextWake);
        Assert.Empty(TakeAll(dispatcher, until.AddTicks(-1)));
        Assert.Equal([claim], TakeAll(dispatcher, until));
    }

    [Fact]
    public void Return_LaneHasMoreReady_WholeLaneStandsAside()
    {
        // The sender postponed one request; the rest of the lane would only hear the same.
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 5, Wide);
        Assert.True(dispatcher.TryTake(Now, out var claim));
        var until = Now.AddSeconds(5);
        dispatcher.Return(claim, until, Now);

        Assert.Empty(TakeAll(dispatcher, Now));
        Assert.Equal(until, dispatcher.NextWake);
        Assert.Equal(5, TakeAll(dispatcher, until).Count);
    }

    [Fact]
    public void Return_SeveralTimes_TheLatestTimeHolds()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 3, Wide);
        var taken = TakeAll(dispatcher, Now);
        dispatcher.Return(taken[0], Now.AddSeconds(1), Now);
        dispatcher.Return(taken[1], Now.AddSeconds(9), Now);
        dispatcher.Return(taken[2], Now.AddSeconds(5), Now);

        Assert.Empty(TakeAll(dispatcher, Now.AddSeconds(9).AddTicks(-1)));
        Assert.Equal(3, TakeAll(dispatcher, Now.AddSeconds(9)).Count);
    }

    [Fact]
    public void Hold_UntilResumedAsOften_HandsOutNothing()
    {
        var dispatcher = New();
        Offer(dispatcher, Sample.EndpointKey(0), 1, Wide);
        dispatcher.Hold();
        dispatcher.Hold();
        Assert.Empty(TakeAll(dispatcher, Now));
        dispatcher.Resume();
        Assert.Empty(TakeAll(dispatcher, Now));
        dispatcher.Resume();
        Assert.Single(TakeAll(dispatcher, Now));
    }

    [Fact]
    public void Room_AsClaimsComeAndGo_CountsReadyAndUnderWay()
    {
        var dispatcher = new Dispatcher(new DeliveryOptions { HeldMax = 10 }, _sender);
        Offer(dispatcher, Sample.EndpointKey(0), 4, Wide);
        Assert.Equal(6, dispatcher.Room);
        Assert.True(dispatcher.TryTake(Now, out var claim));
        Assert.Equal(6, dispatcher.Room);
        dispatcher.Release(claim.Due.Key.Endpoint, null, Now);
        Assert.Equal(7, dispatcher.Room);
        for (var i = 1; i < 9; i++)
        {
            Offer(dispatcher, Sample.EndpointKey(i), 1, Wide);
        }

        Assert.Equal(0, dispatcher.Room);
    }

    [Fact]
    public void Release_LastOfManyEndpoints_LeavesNothingBehind()
    {
        var dispatcher = New();
        for (var i = 0; i < 500; i++)
        {
            Offer(
                dispatcher,
                Sample.EndpointKey(i),
                2,
                new EndpointLimits(1, i % 2 == 0 ? 5 : null)
            );
        }

        for (var now = Now; now < Now.AddSeconds(5); now = now.AddSeconds(1))
        {
            foreach (var claim in TakeAll(dispatcher, now))
            {
                dispatcher.Release(claim.Due.Key.Endpoint, null, now);
            }
        }

        Assert.Equal(DispatcherProbe.Empty, DispatcherProbe.Held(dispatcher));
    }

    private static void AssertWithin(List<DateTimeOffset> begun, double rate)
    {
        for (var first = 0; first < begun.Count; first++)
        {
            for (var last = first; last < begun.Count; last++)
            {
                var seconds = (begun[last] - begun[first]).TotalSeconds;
                if (last - first + 1 > (rate * seconds) + Math.Max(1, rate) + 0.001)
                {
                    Assert.Fail($"Attempts {first} to {last} in {seconds} s at {rate}/s.");
                }
            }
        }
    }

    private static List<ClaimedDelivery> TakeAll(Dispatcher dispatcher, DateTimeOffset now)
    {
        var taken = new List<ClaimedDelivery>();
        while (dispatcher.TryTake(now, out var claim))
        {
            taken.Add(claim);
        }

        return taken;
    }

    private Dispatcher New(int process = 100_000, int tenant = 100_000) =>
        new(new DeliveryOptions { MaxInFlight = process, MaxInFlightPerTenant = tenant }, _sender);

    private List<ClaimedDelivery> Offer(
        Dispatcher dispatcher,
        EndpointKey endpoint,
        int count,
        EndpointLimits limits
    )
    {
        var claims = Enumerable
            .Range(0, count)
            .Select(_ => Sample.Claim(endpoint, ++_claims))
            .ToList();
        claims.ForEach(claim => dispatcher.Offer(claim, limits, Now));
        return claims;
    }
}
