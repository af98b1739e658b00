using WebhookDelivery.Contracts;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>
/// A delivery is committed, and enqueued by its caller when that caller next runs. Meanwhile a read
/// of the backlog may find it, and all of its life may pass.
/// </summary>
public sealed class LateEnqueueTests : IAsyncDisposable
{
    private readonly EngineHarness _harness = new();

    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Enqueue_AfterItWasFoundAndDelivered_DoesNotComeAgain()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        await DeliverAsync(await FindByReadingAsync());

        await _harness.Queue.EnqueueAsync([due], None);

        Assert.True(await _harness.IsQuietAsync());
    }

    [Fact]
    public async Task Enqueue_AfterItWasFoundAndFailed_ComesAtItsRetryOnly()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        var found = await FindByReadingAsync();
        var next = _harness.Now.AddMinutes(1);
        Assert.True(await _harness.FailAsync(found.Due, next));
        var retry = found.Due with { Attempt = 2, DueAt = next, CommitNumber = 0 };
        await _harness.Queue.EnqueueAsync([retry], None);
        await _harness.Queue.CompleteAsync(found, None);

        await _harness.Queue.EnqueueAsync([due], None);

        Assert.True(await _harness.IsQuietAsync());
        _harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Assert.Single(await _harness.ReceiveAsync(10)).Due.Attempt);
    }

    [Fact]
    public async Task Enqueue_OfARestartThatWasFoundAndDelivered_DoesNotComeAgain()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        await DeliverAsync(await FindByReadingAsync());
        var restarted = await RestartAsync(due.Key);
        var again = await FindByReadingAsync();
        Assert.Equal(2, again.Due.Generation);
        await DeliverAsync(again);

        await _harness.Queue.EnqueueAsync([restarted], None);

        Assert.True(await _harness.IsQuietAsync());
    }

    [Fact]
    public async Task Enqueue_OfARestartAfterTheFirstWasFound_Comes()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        await DeliverAsync(await FindByReadingAsync());
        var restarted = await RestartAsync(due.Key);

        await _harness.Queue.EnqueueAsync([restarted], None);

        Assert.Equal(2, Assert.Single(await _harness.ReceiveAsync(10)).Due.Generation);
    }

    [Fact]
    public async Task Enqueue_AfterMoreWasReadThanIsRemembered_NeedsNoReadOfItsOwn()
    {
        var endpoint = _harness.NewEndpointId();
        await _harness.AppendManyAsync(endpoint, RecentReads.Capacity + 500);
        await _harness.Queue.SweepAsync(_harness.Now, None);
        for (var read = 0; read < RecentReads.Capacity + 500; )
        {
            var claims = await _harness.ReceiveAsync(500);
            await Task.WhenAll(claims.Select(DeliverAsync));
            read += claims.Count;
        }

        Assert.True(await _harness.IsQuietAsync());
        await _harness.Queue.EnqueueAsync([await _harness.AppendAsync(endpoint)], None);

        // What is to be read is not held before it is received.
        Assert.Equal(1, _harness.Engine.DeliveriesHeld);
    }

    [Fact]
    public async Task Enqueue_OfARestartOrAResumption_NeedsNoReadOfItsOwn()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        await DeliverAsync(await FindByReadingAsync());
        var restarted = await RestartAsync(due.Key);
        await _harness.Queue.EnqueueAsync([restarted], None);
        Assert.Equal(1, _harness.Engine.DeliveriesHeld);

        var claim = Assert.Single(await _harness.ReceiveAsync(10));
        await ParkAsync(claim);
        var resumed = await _harness.Events.ResumeAsync(
            due.Key.Endpoint,
            10,
            DuePace.AtOnce(_harness.Now),
            None
        );
        await _harness.Queue.EnqueueAsync(resumed, None);
        Assert.Equal(1, _harness.Engine.DeliveriesHeld);
        Assert.True(Assert.Single(resumed).CommitNumber > restarted.CommitNumber);
    }

    [Fact]
    public async Task Append_ThatWasUndoneAndWrittenAgain_HasTheNumberOfItsCommit()
    {
        Task<DueDelivery> append;
        Task<int> failing;
        using (await _harness.HoldWriterAsync())
        {
            append = _harness.AppendAsync(_harness.NewEndpointId());
            failing = _harness.Engine.Writer.ChangeAsync<int, int>(
                0,
                (_, _) => throw new InvalidOperationException("A bug."),
                None
            );
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal(_harness.Engine.Writer.Committed, (await append).CommitNumber);
    }

    private async Task<DueDelivery> RestartAsync(DeliveryKey key) =>
        (
            await _harness.Events.RestartAsync(
                key,
                onlyFrom: null,
                generation: null,
                park: false,
                _harness.Now,
                None
            )
        )!;

    private async Task ParkAsync(ClaimedDelivery claim)
    {
        var fence = new DeliveryFence(claim.Due.Generation, claim.Due.Attempt - 1);
        Assert.True(
            await _harness.Events.SetAsideAsync(
                claim.Due.Key,
                fence,
                DeliveryStatus.Parked,
                ReasonCode.EndpointDisabled,
                _harness.Now,
                None
            )
        );
        await _harness.Queue.CompleteAsync(claim, None);
    }

    private async Task<ClaimedDelivery> FindByReadingAsync()
    {
        await _harness.Queue.SweepAsync(_harness.Now, None);
        return Assert.Single(await _harness.ReceiveAsync(10));
    }

    private async Task DeliverAsync(ClaimedDelivery claim)
    {
        Assert.True(await _harness.DeliverAsync(claim.Due));
        await _harness.Queue.CompleteAsync(claim, None);
    }
}
