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

    private static readonly LaneKey Lane = new(Endpoint, Backlog: false);

    private static readonly DueBatch Nothing = new([], More: false, EndpointWindow.Never);

    private static readonly CommitRange Unseen = new(Since: 0, Through: 0);

    private readonly DueWindows _windows = new(
        new SqliteEngineOptions { DataDirectory = ".", EndpointWindowMax = Window }
    );

    [Fact]
    public void IsHeldOrEnded_OfWhatEndedDuringTheRead_IsTrueUntilTheReadEnds()
    {
        var claims = OverflowAndClaim();
        CompleteHalf(claims);
        Assert.True(_windows.TryBeginRead(out var window, out var room));
        Assert.Equal(Window / 2, room);

        // Its outcome commits and it ends, but the read's view of the database is older.
        var ended = claims[^1].Due;
        _windows.Complete(ended, NowMs);

        Assert.True(_windows.IsHeldOrEnded(window, ended.Key.EventId));
        Assert.True(_windows.IsHeldOrEnded(window, claims[^2].Due.Key.EventId));
        Assert.False(_windows.IsHeldOrEnded(window, claims[0].Due.Key.EventId));
        _windows.EndRead(window, Nothing, Unseen);
        Assert.False(_windows.IsHeldOrEnded(window, ended.Key.EventId));
    }

    [Fact]
    public void Enqueue_OfACommitThatTheReadSaw_IsOver()
    {
        var read = NewDue() with { CommitNumber = 5 };
        ReadAndDeliver(read, new CommitRange(Since: 5, Through: 7));

        _windows.Enqueue(read, NowMs);

        Assert.False(_windows.HasWork);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(0)] // Not known.
    public void Enqueue_OfACommitThatTheReadMayHaveSeen_IsReadAgain(long number)
    {
        var read = NewDue() with { CommitNumber = number };
        ReadAndDeliver(read, new CommitRange(Since: 5, Through: 7));

        _windows.Enqueue(read, NowMs);

        Assert.Empty(Take());
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Fact]
    public void Enqueue_OfWhatNoReadTookIn_IsTakenInAtOnce()
    {
        var read = NewDue() with { CommitNumber = 5 };
        ReadAndDeliver(read, new CommitRange(Since: 5, Through: 7));

        _windows.Enqueue(NewDue() with { CommitNumber = 5 }, NowMs);
        _windows.Enqueue(NewDue() with { CommitNumber = 8 }, NowMs);
        _windows.Enqueue(read with { CommitNumber = 8, Generation = 2 }, NowMs);

        Assert.Equal(3, Take().Count);
    }

    [Fact]
    public void Enqueue_OfWhatIsNoLongerRemembered_IsReadAgain()
    {
        var read = NewDue() with { CommitNumber = 5 };
        ReadAndDeliver(read, new CommitRange(Since: 5, Through: 7));
        for (var i = 0; i < RecentReads.Capacity; i++)
        {
            var other = NewDue() with { CommitNumber = 6 };
            ReadAndDeliver(other, new CommitRange(Since: 8, Through: 9));
        }

        _windows.Enqueue(NewDue() with { CommitNumber = 8 }, NowMs);
        Assert.Single(Take());
        _windows.Enqueue(read, NowMs);
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
        _windows.EndRead(window, Nothing, Unseen);
        Assert.True(_windows.TryBeginRead(out _, out _));
    }

    [Fact]
    public void Schedule_EarlierTimesOverAndOver_KeepsNoHeapOfStaleOnes()
    {
        var far = NowMs + (long)TimeSpan.FromDays(7).TotalMilliseconds;
        for (var i = 0; i < 20_000; i++)
        {
            _windows.Recheck(Lane, far, NowMs);
            _windows.Recheck(Lane, NowMs + 1000 + i, NowMs + i);
            _windows.Advance(NowMs + 1000 + i);
            if (_windows.TryBeginRead(out var window, out _))
            {
                _windows.EndRead(window, new DueBatch([], More: false, far), Unseen);
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
        _windows.EndRead(window, batch: null, Unseen);
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

    [Fact]
    public void TryBeginRead_AfterAReadWithMore_GoesOnFromItsEnd()
    {
        var window = ReadAPage(NowMs - 10);

        Assert.Equal(NowMs - 10, window.ReadThrough?.DueMs);
    }

    [Fact]
    public void TryBeginRead_AfterAReadOfAll_BeginsAtTheStart()
    {
        var window = ReadAPage(NowMs - 10);
        _windows.Complete(Assert.Single(Take()).Due, NowMs);
        Assert.True(_windows.TryBeginRead(out _, out _));

        _windows.EndRead(window, Nothing, Unseen);

        Assert.Null(window.ReadThrough);
    }

    [Theory]
    [InlineData(-11, true)]
    [InlineData(-10, true)] // Of the same millisecond, the ids would have to be compared.
    [InlineData(-9, false)]
    public void Enqueue_BehindWhereReadsHaveGot_IsReadFromTheStart(int behindMs, bool isBehind)
    {
        var window = ReadAPage(NowMs - 10);

        _windows.Enqueue(NewDue() with { DueAt = Times.FromMs(NowMs + behindMs) }, NowMs);

        Assert.Equal(isBehind, window.ReadThrough is null);
    }

    [Fact]
    public void Enqueue_DuringAReadThatPassesIt_IsReadFromTheStart()
    {
        CompleteHalf(OverflowAndClaim());
        Assert.True(_windows.TryBeginRead(out var window, out _));
        _windows.Enqueue(NewDue() with { DueAt = Times.FromMs(NowMs - 20) }, NowMs);

        _windows.EndRead(window, Page(NowMs - 10), Unseen);

        Assert.Null(window.ReadThrough);
    }

    [Fact]
    public void Recheck_OfWhatIsDue_IsReadFromTheStart()
    {
        var window = ReadAPage(NowMs - 10);
        _windows.Recheck(Lane, NowMs - 30, NowMs);
        Assert.Null(window.ReadThrough);
    }

    [Fact]
    public void Advance_ToWhatFallsDue_ReadsFromTheStart()
    {
        var window = ReadAPage(NowMs - 10);
        _windows.Enqueue(NewDue() with { DueAt = Times.FromMs(NowMs + 5) }, NowMs);
        // The clock was set back between the reads and now.
        _windows.Recheck(Lane, NowMs - 100, NowMs - 200);
        _windows.Advance(NowMs - 100);
        Assert.Null(window.ReadThrough);
    }

    /// <summary>A full window, and a read of one more, of which there are more still.</summary>
    private EndpointWindow ReadAPage(long throughMs)
    {
        CompleteHalf(OverflowAndClaim());
        Assert.True(_windows.TryBeginRead(out var window, out _));
        _windows.EndRead(window, Page(throughMs), Unseen);
        return window;
    }

    private static DueBatch Page(long throughMs)
    {
        var last = NewDue() with { DueAt = Times.FromMs(throughMs) };
        var through = new DuePosition(throughMs, last.Key.EventId);
        return new DueBatch([last], More: true, EndpointWindow.Never, through);
    }

    private void ReadAndDeliver(DueDelivery due, CommitRange view)
    {
        _windows.Recheck(Lane, NowMs, NowMs);
        Assert.True(_windows.TryBeginRead(out var window, out _));
        _windows.EndRead(window, new DueBatch([due], More: false, EndpointWindow.Never), view);
        Assert.Single(Take());
        _windows.Complete(due, NowMs);
        Assert.False(_windows.HasWork);
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
