using WebhookDelivery.Core;

namespace WebhookDelivery.Server;

/// <summary>Runs the delivery worker for as long as the host runs.</summary>
internal sealed class DeliveryService(DeliveryWorker worker) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        worker.RunAsync(stoppingToken);
}
