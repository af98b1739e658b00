using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// Plays Lambda's part for the worker function: polls for batches of 10, hands each to what the
/// function calls, and deletes it.
/// </summary>
internal sealed class EventSource(
    IAmazonSQS sqs,
    DeliveryMessageReader reader,
    DeliveryBatch deliveries,
    StatisticsFlusher statistics,
    AwsEngineOptions options,
    TimeProvider time
)
{
    /// <summary>Most messages of a batch.</summary>
    public const int BatchMax = 10;

    /// <summary>The deployed function's timeout.</summary>
    private static readonly TimeSpan s_invocation = TimeSpan.FromSeconds(60);

    /// <summary>Polls until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                if (await ReceiveAsync(stopping) is { Count: > 0 } messages)
                {
                    await InvokeAsync(messages);
                    await DeleteAsync(messages);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }

    private async Task<List<Message>> ReceiveAsync(CancellationToken stopping)
    {
        var answer = await sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = options.QueueUrl,
                MaxNumberOfMessages = BatchMax,
                WaitTimeSeconds = (int)options.ReceiveWait.TotalSeconds,
                VisibilityTimeout = (int)options.VisibilityTimeout.TotalSeconds,
            },
            stopping
        );
        return answer.Messages ?? [];
    }

    private async Task InvokeAsync(List<Message> messages)
    {
        var deadline = time.GetUtcNow() + s_invocation;
        var claims = new List<ClaimedDelivery>();
        foreach (var message in messages)
        {
            var reading = await reader.ReadAsync(message.Body, 1, deadline, CancellationToken.None);
            claims.Add(((DeliveryMessageReading.Claimed)reading).Claim);
        }

        var failed = await deliveries.RunAsync(claims, deadline, CancellationToken.None);
        await statistics.EndInvocationAsync(messages.Count >= BatchMax, CancellationToken.None);
        if (failed.Count > 0)
        {
            throw new BrokenRunException($"{failed.Count} deliveries could not be processed.");
        }
    }

    private Task DeleteAsync(List<Message> messages) =>
        sqs.DeleteMessageBatchAsync(
            new DeleteMessageBatchRequest
            {
                QueueUrl = options.QueueUrl,
                Entries =
                [
                    .. messages.Select(
                        (message, index) =>
                            new DeleteMessageBatchRequestEntry
                            {
                                Id = $"{index}",
                                ReceiptHandle = message.ReceiptHandle,
                            }
                    ),
                ],
            }
        );
}
