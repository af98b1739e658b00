namespace WebhookDelivery.Core.Tests;

/// <summary>What the dispatcher says of a delivery that is not sent yet.</summary>
public sealed class DispatcherStandingTests
{
    private static readonly DateTimeOffset Now = Sample.Now;
    private static readonly EndpointKey Endpoint = Sample.EndpointKey(0);

    private readonly StubSender _sender = new();

    [Fact]
    public void Standing_OfWhatItNeverHeard_IsNothing() =>
        Assert.Equal(default, Standing(New(), 1));

    [Fact]
    public void Standing_BehindAnOpenBreaker_IsKnownWithoutALane()
    {
        var dispatcher = New();
        _sender.OpenUntil[Endpoint] = Now.AddMinutes(1);
        var expected = new LaneStanding(LaneHold.Breaker, Now.AddMinutes(1), IsUnderWay: false);
        Assert.Equal(expected, Standing(dispatcher, 1));
        Offer(dispatcher, 1, new EndpointLimits(1, 1));
        Assert.False(dispatcher.TryTake(Now, out _));
        Assert.Equal(expected, Standing(dispatcher, 1));
    }

    [Fact]
    public void Standing_WithTheRateUsedUp_SaysUntilWhen()
    {
        var dispatcher = New();
        var limits = new EndpointLimits(10, 1);
        Offer(dispatcher, 1, limits);
        Assert.True(dispatcher.TryTake(Now, out _));
        Offer(dispatcher, 2, limits);
        Assert.False(dispatcher.TryTake(Now, out _));

        Assert.Equal(
            new LaneStanding(LaneHold.Rate, Now.AddSeconds(1), IsUnderWay: false),
            Standing(dispatcher, 2)
        );
        Assert.True(Standing(dispatcher, 1).IsUnderWay);
        dispatcher.Release(Endpoint, limits, Now);
        Assert.False(Standing(dispatcher, 1).IsUnderWay);
        Assert.Equal(LaneHold.None, Standing(dispatcher, 2, Now.AddSeconds(1)).Hold);
    }

    [Fact]
    public void Standing_AtTheEndpointsCap_TellsWhatIsUnderWayFromWhatWaits()
    {
        var dispatcher = New();
        var limits = new EndpointLimits(1, null);
        Offer(dispatcher, 1, limits);
        Offer(dispatcher, 2, limits);
        Assert.True(dispatcher.TryTake(Now, out _));

        Assert.True(Standing(dispatcher, 1).IsUnderWay);
        Assert.Equal(
            new LaneStanding(LaneHold.EndpointCap, null, IsUnderWay: false),
            Standing(dispatcher, 2)
        );
    }

    [Fact]
    public void Standing_OfOneThatFellDueAfterThoseThatWait_IsNotUnderWay()
    {
        var dispatcher = New();
        var limits = new EndpointLimits(1, null);
        Offer(dispatcher, 1, limits);
        Offer(dispatcher, 2, limits);
        Assert.True(dispatcher.TryTake(Now, out _));
        var notHere = Sample.Claim(Endpoint, 3).Due.Key;

        Assert.False(dispatcher.Standing(notHere, Now.AddSeconds(1), Now.AddSeconds(2)).IsUnderWay);
    }

    [Fact]
    public void Standing_WithThePlacesOfTheTenantTaken_IsHeldBackByWhatIsShared()
    {
        var dispatcher = new Dispatcher(
            new DeliveryOptions { MaxInFlightPerTenant = 1, MaxInFlight = 100 },
            _sender
        );
        dispatcher.Offer(Sample.Claim(Sample.EndpointKey(1), 9), new(10, null), Now);
        Assert.True(dispatcher.TryTake(Now, out _));
        Offer(dispatcher, 1, new EndpointLimits(10, null));
        Assert.False(dispatcher.TryTake(Now, out _));

        Assert.Equal(LaneHold.SharedCap, Standing(dispatcher, 1).Hold);
    }

    [Theory]
    [InlineData(LaneHold.Breaker)]
    [InlineData(LaneHold.Rate)]
    [InlineData(LaneHold.SharedCap)]
    public void Standing_OfWhatCameBack_SaysForWhatAndUntilWhen(LaneHold hold)
    {
        var dispatcher = New();
        Offer(dispatcher, 1, new EndpointLimits(10, null));
        Assert.True(dispatcher.TryTake(Now, out var claim));
        dispatcher.Return(claim, Now.AddSeconds(3), Now, hold);

        Assert.Equal(
            new LaneStanding(hold, Now.AddSeconds(3), IsUnderWay: false),
            Standing(dispatcher, 1)
        );
        Assert.Equal(LaneHold.None, Standing(dispatcher, 1, Now.AddSeconds(3)).Hold);
    }

    private Dispatcher New() => new(new DeliveryOptions(), _sender);

    private static void Offer(Dispatcher dispatcher, int number, EndpointLimits limits) =>
        Assert.True(dispatcher.Offer(Sample.Claim(Endpoint, number), limits, Now));

    private static LaneStanding Standing(
        Dispatcher dispatcher,
        int number,
        DateTimeOffset? now = null
    ) => dispatcher.Standing(Sample.Claim(Endpoint, number).Due.Key, Now, now ?? Now);
}
