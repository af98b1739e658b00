using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// Hands messages to a function in batches, as a queue's event source does: what the function does not
/// report is deleted, what it reports comes again when its lease ends.
/// </summary>
internal sealed class BatchLoop(Host host, World world)
{
    private const int BatchMax = 10;
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var messages = world.Board.Receive(BatchMax);
            if (messages.Count > 0)
            {
                await InvokeAsync(messages, stopping);
                continue;
            }

            try
            {
                await Task.Delay(s_poll, host.Clock, stopping);
            }
            catch (OperationCanceledException)
            {
                // Stopping: the loop sees it.
            }
        }
    }

    private async Task InvokeAsync(List<QueuedMessage> messages, CancellationToken stopping)
    {
        var deadline = host.Clock.GetUtcNow() + (world.Scenario.Lease * 0.75);
        var claims = messages.ConvertAll(each => new ClaimedDelivery(
            each.Due,
            LeaseEndsAt: deadline,
            Postponements: each.Postponements
        ));
        claims.ForEach(host.Claims.HandedOut);
        host.IsInvoked = true;
        var failed = await host.Get<DeliveryBatch>().RunAsync(claims, deadline, stopping);
        host.IsInvoked = false;
        claims.ForEach(host.Claims.Ended);
        for (var i = 0; i < messages.Count; i++)
        {
            if (failed.Any(each => ReferenceEquals(each, claims[i])))
            {
                // Its time was over before the outcome was recorded: it is attempted again.
                host.Journal.CutLast(host, claims[i].Due);
            }
            else
            {
                world.Board.Delete(messages[i].Receipt!);
            }
        }
    }
}
