using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Takes requests and does not answer them until told.</summary>
internal sealed class HungReceiver : IAsyncDisposable
{
    private readonly Queue<TaskCompletionSource> _held = new();
    private readonly WireReceiver _wire = WireReceiver.Start();
    private readonly Lock _lock = new();
    private bool _released;

    public HungReceiver() => _wire.Answer = AnswerAsync;

    public Uri Url => _wire.Url;

    /// <summary>Requests that wait for their answer.</summary>
    public int Held
    {
        get
        {
            lock (_lock)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>The most that waited at once.</summary>
    public int HeldMost { get; private set; }

    /// <summary>Requests so far.</summary>
    public int Came => _wire.Requests.Count;

    public IEnumerable<string> EventIds => _wire.Requests.Select(request => request["webhook-id"]!);

    /// <summary>Answers what waits, and all that comes.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _released = true;
        }

        while (ReleaseOne()) { }
    }

    /// <summary>Answers the one that waits longest; false if none does.</summary>
    public bool ReleaseOne()
    {
        TaskCompletionSource? longest;
        lock (_lock)
        {
            _held.TryDequeue(out longest);
        }

        longest?.TrySetResult();
        return longest is not null;
    }

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    private async Task<string> AnswerAsync(WireRequest request)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_released)
            {
                return WireReceiver.Ok;
            }

            _held.Enqueue(answer);
            HeldMost = Math.Max(_held.Count, HeldMost);
        }

        await answer.Task;
        return WireReceiver.Ok;
    }
}
