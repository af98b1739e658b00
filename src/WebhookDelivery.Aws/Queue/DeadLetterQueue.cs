using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Receives from the dead-letter queue, and gives messages back or deletes them. It never throws for
/// what the queue refuses, but logs it: the store is the truth, and what is left undone is done by
/// the next pass. Thread-safe.
/// </summary>
internal sealed class DeadLetterQueue(
    IAmazonSQS sqs,
    AwsEngineOptions options,
    ILogger<DeadLetterQueue> logger
)
{
    /// <summary>Most messages that SQS gives or takes at once.</summary>
    public const int BatchMax = 10;

    /// <summary>
    /// How long a pass has its messages to itself. One that takes longer sees them come again, and
    /// so does another pass: that is harmless.
    /// </summary>
    private const int HiddenSeconds = 300;

    /// <summary>
    /// Any wait makes SQS ask all its servers, so that an empty answer means an empty queue.
    /// </summary>
    private const int WaitSeconds = 1;

    private const int TriesMax = 3;
    private const int Together = 8;

    /// <summary>Receives up to so many messages; none where there is none, or the queue refuses.</summary>
    public async ValueTask<IReadOnlyList<Message>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    )
    {
        var request = new ReceiveMessageRequest
        {
            QueueUrl = options.DeadLetterQueueUrl,
            MaxNumberOfMessages = max,
            VisibilityTimeout = HiddenSeconds,
            WaitTimeSeconds = WaitSeconds,
        };
        try
        {
            var response = await AwsFaults.CallAsync(
                "SQS",
                token => sqs.ReceiveMessageAsync(request, token),
                cancellationToken
            );
            return response.Messages ?? [];
        }
        catch (StoreUnavailableException exception)
        {
            DeadLetterLog.QueueRefused(logger, "receive", exception.Message);
            return [];
        }
    }

    /// <summary>Deletes messages. Returns the receipts of those that are still there.</summary>
    public ValueTask<IReadOnlyCollection<string>> DeleteAsync(
        IEnumerable<string> receipts,
        CancellationToken cancellationToken
    ) => ForEachBatchAsync("delete", receipts, DeleteBatchAsync, cancellationToken);

    /// <summary>Makes messages visible at once. Those that fail come by themselves, later.</summary>
    public async ValueTask ReleaseAsync(
        IEnumerable<string> receipts,
        CancellationToken cancellationToken
    ) => await ForEachBatchAsync("release", receipts, ReleaseBatchAsync, cancellationToken);

    private async Task<List<BatchResultErrorEntry>?> DeleteBatchAsync(
        string[] receipts,
        CancellationToken cancellationToken
    )
    {
        var request = new DeleteMessageBatchRequest
        {
            QueueUrl = options.DeadLetterQueueUrl,
            Entries =
            [
                .. receipts.Select(
                    (receipt, i) =>
                        new DeleteMessageBatchRequestEntry
                        {
                            Id = i.ToString(),
                            ReceiptHandle = receipt,
                        }
                ),
            ],
        };
        return (await sqs.DeleteMessageBatchAsync(request, cancellationToken)).Failed;
    }

    private async Task<List<BatchResultErrorEntry>?> ReleaseBatchAsync(
        string[] receipts,
        CancellationToken cancellationToken
    )
    {
        var request = new ChangeMessageVisibilityBatchRequest
        {
            QueueUrl = options.DeadLetterQueueUrl,
            Entries =
            [
                .. receipts.Select(
                    (receipt, i) =>
                        new ChangeMessageVisibilityBatchRequestEntry
                        {
                            Id = i.ToString(),
                            ReceiptHandle = receipt,
                            VisibilityTimeout = 0,
                        }
                ),
            ],
        };
        return (await sqs.ChangeMessageVisibilityBatchAsync(request, cancellationToken)).Failed;
    }

    private async ValueTask<IReadOnlyCollection<string>> ForEachBatchAsync(
        string what,
        IEnumerable<string> receipts,
        Func<string[], CancellationToken, Task<List<BatchResultErrorEntry>?>> call,
        CancellationToken cancellationToken
    )
    {
        var left = new List<string>();
        var inParallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Together,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(
            receipts.Chunk(BatchMax),
            inParallel,
            async (batch, token) =>
            {
                var failed = await InsistAsync(what, batch, call, token);
                lock (left)
                {
                    left.AddRange(failed);
                }
            }
        );
        return left;
    }

    /// <summary>Repeats what fails, unless it is for its own fault. Returns what failed to the end.</summary>
    private async ValueTask<string[]> InsistAsync(
        string what,
        string[] batch,
        Func<string[], CancellationToken, Task<List<BatchResultErrorEntry>?>> call,
        CancellationToken cancellationToken
    )
    {
        var hopeless = new List<string>();
        var reason = "";
        for (var tries = 0; tries < TriesMax && batch.Length > 0; tries++)
        {
            try
            {
                var asked = batch;
                var failed = await AwsFaults.CallAsync(
                    "SQS",
                    token => call(asked, token),
                    cancellationToken
                );
                reason = failed?.FirstOrDefault()?.Code ?? reason;
                hopeless.AddRange(
                    (failed ?? []).Where(each => each.SenderFault is true).Select(Receipt)
                );
                batch =
                [
                    .. (failed ?? []).Where(each => each.SenderFault is not true).Select(Receipt),
                ];

                string Receipt(BatchResultErrorEntry entry) => asked[int.Parse(entry.Id)];
            }
            catch (StoreUnavailableException exception)
            {
                // The client has repeated the call by itself.
                reason = exception.Message;
                break;
            }
        }

        hopeless.AddRange(batch);
        if (hopeless.Count > 0)
        {
            DeadLetterLog.QueueRefused(logger, what, reason);
        }

        return [.. hopeless];
    }
}
