using WebhookDelivery.Core;

namespace WebhookDelivery.Server;

/// <summary>
/// Stores what is counted for as long as the host runs, and the rest of it at the very end: when
/// requests and attempts are over, and nothing counts any more.
/// </summary>
internal sealed class StatisticsService(StatisticsFlusher flusher)
    : BackgroundService,
        IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) =>
        await flusher.FlushAsync(cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        flusher.RunAsync(stoppingToken);
}
