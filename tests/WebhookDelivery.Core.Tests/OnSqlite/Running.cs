namespace WebhookDelivery.Core.Tests;

/// <summary>The worker, running until disposed.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _worker;

    public Running(CoreOnSqlite core)
    {
        var worker = core.Get<DeliveryWorker>();
        _worker = Task.Run(() => worker.RunAsync(_stopping.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _worker;
    }
}
