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
    StatisticsFlusher statistics,
    TimeProvider time,
    ILogger<WorkerFunction> logger
)
{
    /// <summary>The event source's batch size: a batch of so many is followed by another at once.</summary>
    private const int FullBatch = 10;

    private const string ReceiveCount = "ApproximateReceiveCount";

    /// <summary>
    /// Attempts what the messages say is due. A delivery that fails has scheduled what follows, and is
    /// a success here. Reported are those messages that must come again: what could not be processed
    /// for a reason of ours, and what cannot be read, which the queue moves to the dead letters after a
    /// few times. Where nothing of a batch could be processed, the batch as a whole is an error.
    /// </summary>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        var deadline = InvocationTime.Deadline(context, time);
        using var limit = InvocationTime.Limit(context, time);
        var readings = await Task.WhenAll(
            (batch.Records ?? []).Select(message => ReadAsync(message, deadline, limit.Token))
        );
        var claims = readings.Select(reading => reading.Claim).OfType<ClaimedDelivery>().ToList();
        var failed = await deliveries.RunAsync(claims, deadline, limit.Token);
        await statistics.EndInvocationAsync(readings.Length >= FullBatch, limit.Token);
        var again = readings
            .Where(reading => reading.Failed || failed.Any(each => IsOf(reading, each)))
            .ToList();
        if (failed.Count > 0 && again.Count == readings.Length)
        {
            // To the queue the same as reporting each; but it counts as an error, for the alarm, and
            // fewer batches are tried while it lasts.
            throw new InvalidOperationException(
                $"None of {again.Count} messages could be processed; the log says why."
            );
        }

        return new SQSBatchResponse([
            .. again.Select(reading => new SQSBatchResponse.BatchItemFailure
            {
                ItemIdentifier = reading.MessageId,
            }),
        ]);
    }

    /// <summary>The same claim, not one that says the same: a message may be in a batch twice.</summary>
    private static bool IsOf(Reading reading, ClaimedDelivery claim) =>
        ReferenceEquals(reading.Claim, claim);

    private async Task<Reading> ReadAsync(
        SQSEvent.SQSMessage message,
        DateTimeOffset deadline,
        CancellationToken cancellationToken
    )
    {
        var messageId = message.MessageId;
        try
        {
            var reading = await reader.ReadAsync(
                message.Body ?? "",
                CountOf(message),
                deadline,
                cancellationToken
            );
            switch (reading)
            {
                case DeliveryMessageReading.Claimed(var claim):
                    return new Reading(messageId, claim);
                case DeliveryMessageReading.Stale:
                    return new Reading(messageId, null);
                case DeliveryMessageReading.Malformed(var fault):
                    WorkerLog.Unreadable(logger, messageId, fault);
                    break;
            }
        }
        catch (Exception exception)
        {
            // A message's own: the others of the batch may well be delivered.
            WorkerLog.ReadFailed(logger, messageId, exception);
        }

        return new Reading(messageId, null, Failed: true);
    }

    private static int CountOf(SQSEvent.SQSMessage message) =>
        message.Attributes is { } attributes
        && attributes.TryGetValue(ReceiveCount, out var text)
        && int.TryParse(text, out var count)
            ? count
            : 1;

    /// <summary>What came of a message: a claim, a failure, or neither where the delivery has moved on.</summary>
    private sealed record Reading(string? MessageId, ClaimedDelivery? Claim, bool Failed = false);
}
