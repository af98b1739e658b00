using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;

namespace WebhookDelivery.Lambda;

/// <summary>Delivers batches of the queue's messages.</summary>
internal sealed class WorkerFunction(
    DeliveryMessageReader reader,
    DeliveryBatch deliveries,
    TimeProvider time,
    ILogger<WorkerFunction> logger
)
{
    /// <summary>
    /// Attempts what the messages say is due. A delivery that fails has scheduled what follows, and is
    /// a success here. Reported are those messages that must come again: what could not be processed
    /// for a reason of ours, and what cannot be read, which the queue moves to the dead letters after a
    /// few times.
    /// </summary>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        using var limit = InvocationTime.Limit(context, time);
        var failures = new List<SQSBatchResponse.BatchItemFailure>();
        var messageIds = new Dictionary<ClaimedDelivery, string?>(
            ReferenceEqualityComparer.Instance
        );
        foreach (var message in batch.Records ?? [])
        {
            await ReadAsync(message, messageIds, failures, limit.Token);
        }

        var failed = await deliveries.RunAsync(
            [.. messageIds.Keys],
            InvocationTime.Deadline(context, time),
            limit.Token
        );
        failures.AddRange(failed.Select(claim => Failure(messageIds[claim])));
        return new SQSBatchResponse(failures);
    }

    private static SQSBatchResponse.BatchItemFailure Failure(string? messageId) =>
        new() { ItemIdentifier = messageId };
}
