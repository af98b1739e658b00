using WebhookDelivery.Core;

namespace WebhookDelivery.Server;

/// <summary>Runs the sweeper for as long as the host runs.</summary>
internal sealed class SweeperService(Sweeper sweeper) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        sweeper.RunAsync(stoppingToken);
}
