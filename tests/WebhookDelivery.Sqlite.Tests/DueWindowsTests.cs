using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>The races between a read of the database and what happens meanwhile, one step at a time.</summary>
public sealed class DueWindowsTests
{
    private const long NowMs = 1_000_000;
    private const int Window = SqliteEngineOptions.EndpointWindowMin;

    private static readonly EndpointKey Endpoint = new(
        TenantId.Parse("acme"),
        new EndpointId(Guid.NewGuid())
    );

    private readonly DueWindows _windows = new(
        new SqliteEngineOptions { DataDirectory = ".", EndpointWindowMax = Window }
    );

    [Fact]
    public void KeepNew_LeavesOutWhatIsHeldOrEndedDuringTheRead()
    {
        var claims = OverflowAndClaim();
        CompleteHalf(claims);
        Assert.True(_windows.TryBeginRead(out var window, out var room));
        Assert.Equal(Window / 2, room);

        // Its outcome commits and it ends, but the read's view of the database is older.
        var ended = claims[^1].Due;
        _windows.Complete(ended, NowMs);

        var open = claims[0].Due.Key;
        Assert.Equal([open], KeepNew(window, ended.Key, claims[^2].Due.Key, open));
        _windows.EndRead(window, new DueBatch([], More: false, EndpointWindow.Never));
        Assert.Equal([ended.Key, open], KeepNew(window, ended.Key, claims[^2].Due.Key, open));
    }

    [Fact]
    public void Enqueue_OfWhatAReadHasFound_IsReadAgain()
    {
        var found = NewDue() with { CommitNumber = 5 };
        var notFound = NewDue() with { CommitNumber = 5 };
        var committedLater = NewDue() with { CommitNumber = 8 };
        ReadAndDeliver(found, through: 7);

        _windows.Enqueue(notFound, NowMs);
        _windows.Enqueue(committedLater, NowMs);
        Assert.Equal(2, Take().Count);
        _windows.Enqueue(found, NowMs);
        Assert.Empty(Take());
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Fact]
    public void Enqueue_OfWhatIsNoLongerRemembered_IsReadAgain()
    {
        var found = NewDue() with { CommitNumber = 5 };
        ReadAndDeliver(found, through: 7);
        for (var i = 0; i < RecentReads.Capacity; i++)
        {
            ReadAndDeliver(NewDue() with { CommitNumber = 6 }, through: 9);
        }

        _windows.Enqueue(NewDue() with { CommitNumber = 8 }, NowMs);
        Assert.Single(Take());
        _windows.Enqueue(found, NowMs);
        Assert.Empty(Take());
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Fact]
    public void Enqueue_DuringARead_IsReadAgainAfterIt()
    {
        CompleteHalf(OverflowAndClaim());
        Assert.True(_windows.TryBeginRead(out var window, out _));
        var held = _windows.Held;
        _windows.Enqueue(NewDue(), NowMs);
        Assert.Equal(held, _windows.Held);
        Assert.False(_windows.TryBeginRead(out _, out _));
        _windows.EndRead(window, new DueBatch([], More: false, EndpointWindow.Never));
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Fact]
    public void Schedule_EarlierTimesOverAndOver_KeepsNoHeapOfStaleOnes()
    {
        var far = NowMs + (long)TimeSpan.FromDays(7).TotalMilliseconds;
        for (var i = 0; i < 20_000; i++)
        {
            _windows.Recheck(Endpoint, far, NowMs);
            _windows.Recheck(Endpoint, NowMs + 1000 + i, NowMs + i);
            _windows.Advance(NowMs + 1000 + i);
            if (_windows.TryBeginRead(out var window, out _))
            {
                _windows.EndRead(window, new DueBatch([], More: false, far));
            }
        }

        Assert.True(_windows.Times < 2000, $"{_windows.Times} entries for one endpoint");
        Assert.Equal(far, _windows.NextTimeMs);
    }

    [Fact]
    public void EndRead_OfAReadThatFailed_IsReadAgain()
    {
        CompleteHalf(OverflowAndClaim());
        Assert.True(_windows.TryBeginRead(out var window, out _));
        _windows.EndRead(window, batch: null);
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Fact]
    public void Complete_OfWhatWasEnqueuedAgainMeanwhile_IsReadAgain()
    {
        var due = NewDue();
        _windows.Enqueue(due, NowMs);
        Take();
        _windows.Enqueue(due, NowMs);
        Assert.False(_windows.HasWork);
        _windows.Complete(due, NowMs);
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Fact]
    public void Complete_OfWhatIsDueAgainLater_IsReadThen()
    {
        var due = NewDue();
        _windows.Enqueue(due, NowMs);
        Take();
        var next = due with { Attempt = 2, DueAt = Times.FromMs(NowMs + 500) };
        _windows.Enqueue(next, NowMs);
        _windows.Complete(due, NowMs);
        Assert.Equal(NowMs + 500, _windows.NextTimeMs);
        _windows.Advance(NowMs + 499);
        Assert.False(_windows.HasWork);
        _windows.Advance(NowMs + 500);
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Fact]
    public void Complete_OfAnEarlierStage_LeavesTheClaim()
    {
        var due = NewDue() with { Generation = 2 };
        _windows.Enqueue(due, NowMs);
        Take();
        _windows.Complete(due with { Generation = 1 }, NowMs);
        Assert.Equal(1, _windows.Held);
    }

    private void ReadAndDeliver(DueDelivery due, long through)
    {
        _windows.Recheck(Endpoint, NowMs, NowMs);
        Assert.True(_windows.TryBeginRead(out var window, out _));
        Assert.Equal([due.Key], KeepNew(window, through, due.Key));
        _windows.EndRead(window, new DueBatch([due], More: false, EndpointWindow.Never));
        Assert.Single(Take());
        _windows.Complete(due, NowMs);
        Assert.False(_windows.HasWork);
    }

    private IEnumerable<DeliveryKey> KeepNew(EndpointWindow window, params DeliveryKey[] found) =>
        KeepNew(window, through: 0, found);

    private IEnumerable<DeliveryKey> KeepNew(
        EndpointWindow window,
        long through,
        params DeliveryKey[] found
    )
    {
        var rows = found.Select(key => new DueReader.DueRow(key.EventId, NowMs)).ToList();
        _windows.KeepNew(window, rows, through);
        return rows.Select(row => new DeliveryKey(
            Endpoint.TenantId,
            row.EventId,
            Endpoint.EndpointId
        ));
    }

    private List<ClaimedDelivery> OverflowAndClaim()
    {
        for (var i = 0; i <= Window; i++)
        {
            _windows.Enqueue(NewDue(), NowMs);
        }

        Assert.Equal(Window, _windows.Held);
        return Take();
    }

    private void CompleteHalf(List<ClaimedDelivery> claims)
    {
        Assert.False(_windows.HasWork);
        foreach (var claim in claims.Take(Window / 2))
        {
            _windows.Complete(claim.Due, NowMs);
        }
    }

    private List<ClaimedDelivery> Take()
    {
        var claims = new List<ClaimedDelivery>();
        _windows.Take(int.MaxValue, claims);
        return claims;
    }

    private static DueDelivery NewDue() =>
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
        };
}
