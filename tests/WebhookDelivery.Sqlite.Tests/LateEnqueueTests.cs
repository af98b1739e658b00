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
        var restarted = await _harness.Events.RestartAsync(
            due.Key,
            onlyFrom: null,
            generation: null,
            park: false,
            _harness.Now,
            None
        );
        var again = await FindByReadingAsync();
        Assert.Equal(2, again.Due.Generation);
        await DeliverAsync(again);

        await _harness.Queue.EnqueueAsync([restarted!], None);

        Assert.True(await _harness.IsQuietAsync());
    }

    [Fact]
    public async Task Enqueue_OfARestartAfterTheFirstWasFound_Comes()
    {
        var due = await _harness.AppendAsync(_harness.NewEndpointId());
        await DeliverAsync(await FindByReadingAsync());
        var restarted = await _harness.Events.RestartAsync(
            due.Key,
            onlyFrom: null,
            generation: null,
            park: false,
            _harness.Now,
            None
        );

        await _harness.Queue.EnqueueAsync([restarted!], None);

        Assert.Equal(2, Assert.Single(await _harness.ReceiveAsync(10)).Due.Generation);
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
