using WebhookDelivery.Core;

namespace WebhookDelivery.Server;

/// <summary>
/// Stores what is counted for as long as the host runs, and the rest of it at the very end: when
/// requests and attempts are over, and nothing counts any more.
/// </summary>
internal sealed class StatisticsService(StatisticsFlusher flusher, TimeProvider time)
    : BackgroundService,
        IHostedLifecycleService
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// In a time of its own: whoever took all of the stop's, such as a client that never ends its
    /// request, has its token cancelled by now.
    /// </summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        try
        {
            await flusher.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The store hangs. These seconds' counts go with the process, as in a crash.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        flusher.RunAsync(stoppingToken);
}
