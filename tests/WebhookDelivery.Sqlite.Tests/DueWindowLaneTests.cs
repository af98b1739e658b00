using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>An endpoint's live lane and its backlog beside each other, and what is withdrawn from either.</summary>
public sealed class DueWindowLaneTests
{
    private const long NowMs = 1_000_000;
    private const int Window = SqliteEngineOptions.EndpointWindowMin;

    private static readonly EndpointKey Endpoint = new(
        TenantId.Parse("acme"),
        new EndpointId(Guid.NewGuid())
    );

    private static readonly CommitRange Unseen = new(Since: 0, Through: 0);

    private readonly DueWindows _windows = new(
        new SqliteEngineOptions { DataDirectory = ".", EndpointWindowMax = Window }
    );

    [Fact]
    public void Enqueue_LiveWhileTheBacklogOverflows_IsTakenInAndComesNext()
    {
        for (var i = 0; i < 3 * Window; i++)
        {
            _windows.Enqueue(NewDue(backlog: true), NowMs);
        }

        Assert.Equal(Window, _windows.Held);
        var live = NewDue();
        _windows.Enqueue(live, NowMs);

        Assert.Contains(live, Take(2).Select(each => each.Due));
    }

    [Fact]
    public void Enqueue_LiveWhileTheBacklogIsRead_IsTakenIn()
    {
        var read = BeginRead(backlog: true);
        _windows.Enqueue(NewDue(), NowMs);
        Assert.Single(Take());
        _windows.EndRead(read, Found(NewDue(backlog: true)), Unseen);
        Assert.Single(Take());
    }

    [Fact]
    public void Withdraw_OfWhatIsReady_DropsItAndReadsWhatItHasBecome()
    {
        var due = NewDue();
        _windows.Enqueue(due, NowMs);
        _windows.Withdraw(due.Key, NowMs);
        Assert.Empty(Take());
        Assert.Equal(0, _windows.Held);
        Assert.True(_windows.TryBeginRead(out var window, out _));
        _windows.EndRead(window, Found(due with { Generation = 2 }), Unseen);
        Assert.Equal(2, Assert.Single(Take()).Due.Generation);
    }

    [Fact]
    public void Withdraw_OfWhatIsPostponed_DoesNotBringItBack()
    {
        var due = NewDue();
        _windows.Enqueue(due, NowMs);
        Take();
        _windows.Postpone(due, NowMs + 10, NowMs);
        _windows.Withdraw(due.Key, NowMs);
        _windows.Advance(NowMs + 10);
        Assert.Empty(Take());
    }

    [Fact]
    public void Withdraw_OfWhatIsClaimed_MarksTheClaim()
    {
        _windows.Enqueue(NewDue(), NowMs);
        _windows.Enqueue(NewDue(), NowMs);
        var claims = Take();
        _windows.Withdraw(claims[0].Due.Key, NowMs);
        Assert.Equal([true, false], claims.Select(each => each.IsWithdrawn));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Withdraw_OfWhatAReadUnderWaySaw_KeepsItOut(bool backlog)
    {
        var due = NewDue(backlog);
        var read = BeginRead(backlog);
        _windows.Withdraw(due.Key, NowMs);
        _windows.EndRead(read, Found(due), Unseen);
        Assert.Empty(Take());
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Enqueue_OfAStartInTheOtherLane_KeepsOutWhatAReadSawOfTheOldStage(bool later)
    {
        var old = NewDue(backlog: true);
        var read = BeginRead(backlog: true);
        var started = old with
        {
            Generation = 2,
            Backlog = false,
            DueAt = Times.FromMs(later ? NowMs + 50 : NowMs),
        };
        _windows.Enqueue(started, NowMs);
        foreach (var claim in Take())
        {
            _windows.Complete(claim.Due, NowMs);
        }

        _windows.EndRead(read, Found(old), Unseen);

        Assert.Empty(Take());
    }

    [Fact]
    public void Complete_OfWhatWasStartedInTheOtherLane_ReadsThatLane()
    {
        var due = NewDue();
        _windows.Enqueue(due, NowMs);
        var claim = Assert.Single(Take());
        _windows.Enqueue(due with { Generation = 2, Backlog = true }, NowMs);
        Assert.True(claim.IsWithdrawn);

        _windows.Complete(due, NowMs);

        var lanes = new List<bool>();
        while (_windows.TryBeginRead(out var window, out _))
        {
            lanes.Add(window.Key.Backlog);
            _windows.EndRead(window, Found(), Unseen);
        }

        Assert.Contains(true, lanes);
        Assert.Equal(0, _windows.Lanes);
    }

    private EndpointWindow BeginRead(bool backlog)
    {
        _windows.Recheck(new LaneKey(Endpoint, backlog), NowMs, NowMs);
        Assert.True(_windows.TryBeginRead(out var window, out _));
        return window;
    }

    private static DueBatch Found(params DueDelivery[] found) =>
        new(found, More: false, EndpointWindow.Never);

    private List<ClaimedDelivery> Take(int max = int.MaxValue)
    {
        var claims = new List<ClaimedDelivery>();
        _windows.Take(max, claims);
        return claims;
    }

    private static DueDelivery NewDue(bool backlog = false) =>
        new()
        {
            Key = new DeliveryKey(
                Endpoint.TenantId,
                new EventId(Guid.NewGuid()),
                Endpoint.EndpointId
            ),
            Generation = 1,
            Attempt = 1,
            DueAt = Times.FromMs(NowMs),
            Backlog = backlog,
        };
}
