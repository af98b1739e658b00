using System.Text.Json;
using Amazon.Lambda.Core;
using WebhookDelivery.Core;

namespace WebhookDelivery.Lambda;

/// <summary>Sweeps once; invoked by a schedule.</summary>
internal sealed class SweeperFunction(
    Sweeper sweeper,
    StatisticsFlusher statistics,
    TimeProvider time
)
{
    /// <summary>
    /// Answers with what was done. What the event says does not matter. A sweep of which a step failed
    /// is an error, after all others are made: otherwise nothing would raise an alarm.
    /// </summary>
    public async Task<SweptBody> HandleAsync(JsonElement input, ILambdaContext context)
    {
        using var limit = InvocationTime.Limit(context, time);
        try
        {
            var swept = await sweeper.SweepAsync(limit.Token);
            return swept.Failed == 0
                ? SweptBody.Of(swept)
                : throw new InvalidOperationException(
                    $"{swept.Failed} steps of the sweep failed; the log says why."
                );
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // No fault: erasing a large tenant takes more than one sweep.
            return new SweptBody(Finished: false);
        }
        finally
        {
            await statistics.EndInvocationAsync(isBusy: false, CancellationToken.None);
        }
    }
}
