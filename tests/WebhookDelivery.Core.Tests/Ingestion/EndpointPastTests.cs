namespace WebhookDelivery.Core.Tests;

public sealed class EndpointPastTests
{
    private static readonly Event Posted = new()
    {
        TenantId = Sample.Tenant,
        Id = Sample.EventId(1),
        CreatedAt = Sample.Now,
        Payload = "{}"u8.ToArray(),
        RoutingRevision = 10,
    };

    [Theory]
    [InlineData(8, 1)]
    [InlineData(10, 1)]
    [InlineData(11, null)]
    public void Of_OneVersion_WasInForceFromItsRevisionOn(long revision, int? then)
    {
        var past = EndpointPast.Of([Version(1, revision, first: revision, minutes: 60)], Posted);
        Assert.Equal(then, past.Then?.Version);
        Assert.Equal(then is null, past.CameLater);
    }

    [Fact]
    public void Of_TwoVersions_TheOneOfTheTimeWasInForce()
    {
        var past = EndpointPast.Of([Version(3, 9, first: 2), Version(7, 15, first: 2)], Posted);
        Assert.Equal((3, 7), (past.Then!.Version, past.Newest.Version));
        Assert.False(past.CameLater);
    }

    [Fact]
    public void Of_AVersionThatIsNotKept_IsNotKnown()
    {
        var past = EndpointPast.Of([Version(200, 300, first: 2)], Posted);
        Assert.Null(past.Then);
        Assert.False(past.CameLater);
    }

    [Theory]
    [InlineData(-5, 4, false)]
    [InlineData(0, 4, false)]
    [InlineData(5, null, false)]
    public void Of_AVersionFromBeforeRevisionsWereKept_GoesByTheClock(
        int minutes,
        int? then,
        bool later
    )
    {
        var past = EndpointPast.Of([Version(4, null, first: null, minutes)], Posted);
        Assert.Equal(then, past.Then?.Version);
        Assert.Equal(later, past.CameLater);
    }

    [Fact]
    public void Of_AnEndpointFromBeforeRevisionsWereKept_CameByTheClock()
    {
        var newest = Version(1, null, first: null, minutes: 5);
        newest = newest with
        {
            Endpoint = newest.Endpoint with { CreatedAt = Sample.Now.AddMinutes(5) },
        };
        Assert.True(EndpointPast.Of([newest], Posted).CameLater);
    }

    private static EndpointVersion Version(
        int version,
        long? revision,
        long? first,
        int minutes = 0
    ) =>
        new(
            Sample.Endpoint(Sample.EndpointKey(0)) with
            {
                Version = version,
                CreatedAt = Sample.Now.AddDays(-1),
                UpdatedAt = Sample.Now.AddMinutes(minutes),
            },
            revision,
            first
        );
}
