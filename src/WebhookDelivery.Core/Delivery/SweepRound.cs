using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>Steps of the sweeper, of which each may fail for itself.</summary>
internal sealed class SweepRound(ILogger logger, CancellationToken cancellationToken)
{
    private int _failed;

    /// <summary>Makes a step; nothing comes of one that fails.</summary>
    public async ValueTask<T> TryAsync<T>(Func<ValueTask<T>> step)
        where T : struct
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // One step's trouble must not keep the others from their work.
            DeliveryLog.SweepFailed(logger, exception);
            _failed++;
            return default;
        }
    }

    /// <summary>The result, with the steps that failed; logged if anything was done.</summary>
    public SweepResult End(SweepResult result)
    {
        if (result != new SweepResult())
        {
            DeliveryLog.Swept(
                logger,
                result.Overdue,
                result.Resumed,
                result.Recovered,
                result.Cancelled,
                result.Expired,
                result.Erased
            );
        }

        return result with
        {
            Failed = _failed,
        };
    }
}
