using System.Text.Json;
using Amazon.Lambda.Core;
using WebhookDelivery.Aws;

namespace WebhookDelivery.Lambda;

/// <summary>Requeues dead letters; invoked by operators.</summary>
internal sealed class DlqProcessorFunction(DeadLetterQueueProcessor processor, TimeProvider time)
{
    /// <summary>Answers 200 with what was done, or 400 with all that is wrong with the input.</summary>
    /// <exception cref="TimeoutException">The invocation's time did not suffice.</exception>
    /// <exception cref="Core.StoreUnavailableException">The store refused.</exception>
    public async Task<FunctionAnswer> HandleAsync(JsonElement input, ILambdaContext context)
    {
        var wanted = DlqProcessorInput.Read(input);
        if (wanted.Errors.Count > 0)
        {
            return FunctionAnswer.Of(
                400,
                new ErrorsBody(wanted.Errors),
                LambdaJson.Default.ErrorsBody
            );
        }

        var request = wanted.Request with { Deadline = InvocationTime.Deadline(context, time) };
        using var limit = InvocationTime.Limit(context, time);
        try
        {
            var run = await processor.RunAsync(request, limit.Token);
            return FunctionAnswer.Of(
                200,
                new RequeuedBody(run.Requeued, run.Failed),
                LambdaJson.Default.RequeuedBody
            );
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException(
                "The time did not suffice for all. What was requeued stays so; invoke again for the rest.",
                exception
            );
        }
    }
}
