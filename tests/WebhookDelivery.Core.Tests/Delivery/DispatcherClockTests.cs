namespace WebhookDelivery.Core.Tests;

/// <summary>What the dispatcher makes of a wall clock that somebody sets.</summary>
public sealed class DispatcherClockTests
{
    private static readonly DateTimeOffset Now = Sample.Now;
    private static readonly DateTimeOffset Earlier = Now.AddHours(-1);
    private static readonly DateTimeOffset Later = Now.AddHours(1);
    private static readonly EndpointKey Endpoint = Sample.EndpointKey(0);
    private static readonly EndpointLimits Wide = new(1000, null);
    private static readonly EndpointLimits TwoASecond = new(1000, 2);

    private readonly StubSender _sender = new();
    private readonly Dispatcher _dispatcher;
    private int _claims;

    public DispatcherClockTests() => _dispatcher = new Dispatcher(new DeliveryOptions(), _sender);

    [Fact]
    public void TryTake_ClockSetBack_RateGoesOnWithWhatWasLeft()
    {
        Offer(10, TwoASecond);
        Assert.Equal(2, TakeAll(Now));
        Assert.Equal(0, TakeAll(Now.AddSeconds(0.2)));

        Assert.Equal(0, TakeAll(Earlier));
        Assert.Equal(Earlier.AddSeconds(0.3), _dispatcher.NextWake);
        Assert.Equal(0, TakeAll(Earlier.AddSeconds(0.3).AddTicks(-1)));
        Assert.Equal(1, TakeAll(Earlier.AddSeconds(0.3)));
        Assert.Equal(2, TakeAll(Earlier.AddSeconds(1.3)));
    }

    [Fact]
    public void TryTake_ClockSetBack_LaneNotAsideKeepsItsRate()
    {
        Offer(2, TwoASecond);
        Assert.Equal(2, TakeAll(Now));
        Assert.Null(_dispatcher.NextWake);

        Assert.Equal(0, TakeAll(Earlier));
        Offer(10, TwoASecond);
        Assert.Equal(0, TakeAll(Earlier));
        Assert.Equal(1, TakeAll(Earlier.AddSeconds(0.5)));
    }

    [Fact]
    public void TryTake_ClockSetBack_RestedLaneIsForgottenInTime()
    {
        Offer(2, TwoASecond);
        Assert.Equal(2, TakeAll(Now));
        _dispatcher.Release(Endpoint, null, Now);
        _dispatcher.Release(Endpoint, null, Now);
        Assert.Equal(Now.AddSeconds(1), _dispatcher.NextWake);

        Assert.Equal(0, TakeAll(Earlier));
        Assert.Equal(Earlier.AddSeconds(1), _dispatcher.NextWake);
        Assert.Equal(0, TakeAll(Earlier.AddSeconds(1)));
        Assert.Equal(DispatcherProbe.Empty, DispatcherProbe.Held(_dispatcher));
    }

    [Fact]
    public void Release_OtherRateAfterTheClockWasSetBack_OwesNoMoreThanOneBurst()
    {
        Offer(10, new EndpointLimits(1000, 0.001));
        Assert.Equal(1, TakeAll(Now));
        Assert.Equal(0, TakeAll(Earlier));

        _dispatcher.Release(Endpoint, TwoASecond, Earlier);
        Assert.Equal(1, TakeAll(Earlier));
        Assert.Equal(1, TakeAll(Earlier.AddSeconds(0.5)));
    }

    [Fact]
    public void TryTake_ClockSetBack_AsksTheSenderAnew()
    {
        Offer(2, Wide);
        _sender.OpenUntil[Endpoint] = Now.AddSeconds(30);
        Assert.Equal(0, TakeAll(Now));

        _sender.OpenUntil[Endpoint] = Earlier.AddSeconds(20);
        Assert.Equal(0, TakeAll(Earlier));
        Assert.Equal(Earlier.AddSeconds(20), _dispatcher.NextWake);
        Assert.Equal(2, TakeAll(Earlier.AddSeconds(20)));
    }

    [Fact]
    public void TryTake_ClockSetBackAfterAReturn_AsksTheSenderInstead()
    {
        Offer(1, Wide);
        Assert.True(_dispatcher.TryTake(Now, out var claim));
        _dispatcher.Return(claim, Now.AddSeconds(30), Now);
        Assert.Equal(0, TakeAll(Now));

        Assert.Equal(1, TakeAll(Earlier));
    }

    [Fact]
    public void TakeAll_ClockSetBack_GivesBackForWhatWasLeft()
    {
        Offer(2, new EndpointLimits(1000, 1));
        Assert.Equal(1, TakeAll(Now));

        Assert.Equal(Earlier, Assert.Single(_dispatcher.TakeAll(Earlier)).Until);
    }

    [Fact]
    public void TryTake_TimesOutOfOrder_ChangeNothing()
    {
        Offer(10, TwoASecond);
        Assert.Equal(2, TakeAll(Now));

        Assert.Equal(0, TakeAll(Now.AddSeconds(-1)));
        Assert.Equal(Now.AddSeconds(0.5), _dispatcher.NextWake);
    }

    [Fact]
    public void TryTake_ClockSetForwardsAndRightAgain_AllowsOneBurstEachTimeAtMost()
    {
        Offer(100, TwoASecond);
        Assert.Equal(2, TakeAll(Now));

        Assert.Equal(2, TakeAll(Later));
        Assert.Equal(1, TakeAll(Later.AddSeconds(0.5)));
        Assert.Equal(0, TakeAll(Now.AddSeconds(0.5)));
        Assert.Equal(1, TakeAll(Now.AddSeconds(1)));
    }

    private void Offer(int count, EndpointLimits limits)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(_dispatcher.Offer(Sample.Claim(Endpoint, ++_claims), limits, Now));
        }
    }

    private int TakeAll(DateTimeOffset now)
    {
        var taken = 0;
        while (_dispatcher.TryTake(now, out _))
        {
            taken++;
        }

        return taken;
    }
}
