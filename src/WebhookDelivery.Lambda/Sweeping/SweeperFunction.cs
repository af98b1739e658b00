using System.Text.Json;
using Amazon.Lambda.Core;
using WebhookDelivery.Core;

namespace WebhookDelivery.Lambda;

/// <summary>Sweeps once; invoked by a schedule.</summary>
internal sealed class SweeperFunction(Sweeper sweeper, TimeProvider time)
{
    /// <summary>Answers with what was done. What the event says does not matter.</summary>
    public async Task<SweptBody> HandleAsync(JsonElement input, ILambdaContext context)
    {
        using var limit = InvocationTime.Limit(context, time);
        try
        {
            return SweptBody.Of(await sweeper.SweepAsync(limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // No fault: erasing a large tenant takes more than one sweep.
            return new SweptBody(Finished: false);
        }
    }
}
