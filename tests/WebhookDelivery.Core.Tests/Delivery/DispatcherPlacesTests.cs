namespace WebhookDelivery.Core.Tests;

/// <summary>How places, and room to wait in, are shared out when there are few.</summary>
public sealed class DispatcherPlacesTests
{
    private static readonly DateTimeOffset Now = Sample.Now;
    private static readonly EndpointLimits Wide = new(1000, null);

    private readonly StubSender _sender = new();
    private int _claims;

    // The machine has 200, of which 12 are kept: k tenants get (200 - 12) / (k + 1).
    [Theory]
    [InlineData(2, 62)]
    [InlineData(3, 47)]
    [InlineData(7, 23)]
    public void TryTake_TenantsThatTakeAllTheyCan_LeaveOnePartFree(int hogs, int each)
    {
        var dispatcher = New(200, 150);
        for (var hog = 0; hog < hogs; hog++)
        {
            OfferMany(dispatcher, Tenant($"hog-{hog}"), 20, endpoints: 100);
        }

        var taken = TakeAll(dispatcher).CountBy(claim => claim.Due.Key.TenantId).ToList();

        Assert.Equal(hogs, taken.Count);
        Assert.All(taken, hog => Assert.InRange(hog.Value, each, each + 1));
        OfferMany(dispatcher, Sample.OtherTenant, 1, endpoints: 1);
        Assert.Single(TakeAll(dispatcher));
    }

    [Fact]
    public void TryTake_TenantsThatComeOneAfterAnother_LeaveAPlaceForTheNext()
    {
        var dispatcher = New(2048, 256);
        for (var i = 0; i < 100; i++)
        {
            OfferMany(dispatcher, Tenant($"hog-{i}"), 6, endpoints: 50);
            Assert.NotEmpty(TakeAll(dispatcher));
        }

        OfferMany(dispatcher, Sample.OtherTenant, 1, endpoints: 1);
        Assert.Single(TakeAll(dispatcher));
    }

    [Fact]
    public void TryTake_WhoHadAllPlacesFirst_GivesThemUpAsItsAttemptsEnd()
    {
        var dispatcher = New(300, 300);
        OfferMany(dispatcher, Sample.Tenant, 20, endpoints: 300);
        var first = new Queue<ClaimedDelivery>(TakeAll(dispatcher));
        Assert.Equal(300, first.Count);
        OfferMany(dispatcher, Sample.OtherTenant, 20, endpoints: 300);

        var theirs = 0;
        while (theirs < 90 && first.TryDequeue(out var ended))
        {
            dispatcher.Release(ended.Due.Key.Endpoint, null, Now);
            foreach (var taken in TakeAll(dispatcher))
            {
                Assert.Equal(Sample.OtherTenant, taken.Due.Key.TenantId);
                theirs++;
            }
        }

        // What ended was left for the other: 90 for it, and 108 free that keep the door open.
        Assert.InRange(first.Count, 300 - 90 - 110, 300 - 90 - 106);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryTake_FewPlaces_StillDrainsEverything(int places)
    {
        var dispatcher = New(places, places);
        for (var i = 0; i < 5; i++)
        {
            OfferMany(dispatcher, Tenant($"tenant-{i}"), 4, endpoints: 2);
        }

        var done = 0;
        while (TakeAll(dispatcher) is { Count: > 0 } taken)
        {
            Assert.InRange(taken.Count, 1, places);
            foreach (var claim in taken)
            {
                dispatcher.Release(claim.Due.Key.Endpoint, null, Now);
                done++;
            }
        }

        Assert.Equal(40, done);
    }

    [Fact]
    public void TryTake_OneTenantOnTheMachine_ItsCapDecides()
    {
        var dispatcher = New(100, 100);
        OfferMany(dispatcher, Sample.Tenant, 1, endpoints: 150);
        Assert.Equal(100, TakeAll(dispatcher).Count);
    }

    [Fact]
    public void TryTake_LastPlace_GoesToWhoHasNone()
    {
        var dispatcher = New(2, 2);
        OfferMany(dispatcher, Sample.Tenant, 5, endpoints: 3);
        Assert.True(dispatcher.TryTake(Now, out var first));
        OfferMany(dispatcher, Sample.OtherTenant, 1, endpoints: 1);

        // The first tenant is ahead in the round, and would be alone with what is left.
        Assert.True(dispatcher.TryTake(Now, out var second));
        Assert.Equal(Sample.Tenant, first.Due.Key.TenantId);
        Assert.Equal(Sample.OtherTenant, second.Due.Key.TenantId);
        Assert.False(dispatcher.TryTake(Now, out _));
    }

    [Fact]
    public void TryTake_HungEndpointsOfATenant_LeaveItsOthersAPlace()
    {
        var dispatcher = New(2048, 256);
        OfferMany(dispatcher, Sample.Tenant, 300, endpoints: 1);
        Assert.Equal(120, TakeAll(dispatcher).Count);
        OfferMany(dispatcher, Sample.Tenant, 300, endpoints: 20);
        Assert.NotEmpty(TakeAll(dispatcher));

        dispatcher.Offer(Sample.Claim(Sample.EndpointKey(99), ++_claims), Wide, Now);
        Assert.Single(TakeAll(dispatcher));
    }

    [Fact]
    public void TryTake_MachineFullOfHogs_LeavesATenantsOtherEndpointAPlace()
    {
        var dispatcher = New(200, 150);
        for (var hog = 0; hog < 4; hog++)
        {
            OfferMany(dispatcher, Tenant($"hog-{hog}"), 300, endpoints: 1);
        }

        TakeAll(dispatcher);
        var other = new EndpointKey(Tenant("hog-2"), Sample.EndpointId(99));
        dispatcher.Offer(Sample.Claim(other, ++_claims), Wide, Now);
        Assert.Equal(other, Assert.Single(TakeAll(dispatcher)).Due.Key.Endpoint);
    }

    [Fact]
    public void Release_OfOne_SaysThatAnotherTenantMayGoToo()
    {
        var dispatcher = New(10, 5);
        OfferMany(dispatcher, Sample.OtherTenant, 20, endpoints: 3);
        OfferMany(dispatcher, Sample.Tenant, 20, endpoints: 3);
        var taken = TakeAll(dispatcher);
        var mine = taken.First(each => each.Due.Key.TenantId == Sample.Tenant).Due.Key.Endpoint;

        Assert.True(dispatcher.Release(mine, null, Now));
        Assert.NotEmpty(TakeAll(dispatcher));
    }

    [Fact]
    public void Release_OfTheLastOther_SaysThatWhoIsAloneMayTakeMore()
    {
        var dispatcher = New(10, 10);
        OfferMany(dispatcher, Sample.OtherTenant, 1, endpoints: 1);
        var other = Assert.Single(TakeAll(dispatcher));
        OfferMany(dispatcher, Sample.Tenant, 1, endpoints: 20);
        Assert.Equal(5, TakeAll(dispatcher).Count);

        Assert.True(dispatcher.Release(other.Due.Key.Endpoint, null, Now));
        Assert.Equal(5, TakeAll(dispatcher).Count);
    }

    [Fact]
    public void Offer_OfManyBacklogsThatCannotGo_LeavesRoomForWhoHasNothingWaiting()
    {
        var dispatcher = new Dispatcher(new DeliveryOptions { HeldMax = 1000 }, _sender);
        for (var i = 0; i < 50; i++)
        {
            _sender.OpenUntil[Sample.EndpointKey(i)] = Now.AddMinutes(1);
            OfferMany(dispatcher, Sample.EndpointKey(i), 64);
        }

        Assert.Empty(TakeAll(dispatcher));
        var healthy = Sample.Claim(Sample.EndpointKey(500), ++_claims);
        Assert.True(dispatcher.Offer(healthy, Wide, Now));
        Assert.Equal([healthy], TakeAll(dispatcher));
    }

    private static TenantId Tenant(string id) => TenantId.Parse(id);

    private static List<ClaimedDelivery> TakeAll(Dispatcher dispatcher)
    {
        var taken = new List<ClaimedDelivery>();
        while (dispatcher.TryTake(Now, out var claim))
        {
            taken.Add(claim);
        }

        return taken;
    }

    private Dispatcher New(int machine, int tenant) =>
        new(new DeliveryOptions { MaxInFlight = machine, MaxInFlightPerTenant = tenant }, _sender);

    private void OfferMany(Dispatcher dispatcher, TenantId tenant, int count, int endpoints)
    {
        for (var i = 0; i < endpoints; i++)
        {
            OfferMany(dispatcher, new EndpointKey(tenant, Sample.EndpointId(i)), count);
        }
    }

    private void OfferMany(Dispatcher dispatcher, EndpointKey endpoint, int count)
    {
        for (var i = 0; i < count; i++)
        {
            dispatcher.Offer(Sample.Claim(endpoint, ++_claims), Wide, Now);
        }
    }
}
