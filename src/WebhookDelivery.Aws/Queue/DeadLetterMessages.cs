using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>Puts dead letters on the dead-letter queue. Thread-safe.</summary>
internal sealed class DeadLetterMessages(
    IAmazonSQS sqs,
    AwsEngineOptions options,
    TimeProvider time,
    ILogger<DeadLetterMessages> logger
)
{
    /// <summary>A hint is not worth more: whoever sends it has a delivery to complete.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Says that a delivery is a dead letter, after the store has recorded it. A queue that refuses is
    /// logged and nothing else, as the store is the truth.
    /// </summary>
    /// <param name="key">Which delivery.</param>
    /// <param name="generation">The generation that ended.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up; the only thing that this throws for.</param>
    /// <returns>True if the queue has it.</returns>
    public async ValueTask<bool> SendAsync(
        DeliveryKey key,
        int generation,
        ReasonCode reason,
        CancellationToken cancellationToken
    )
    {
        var message = new DeadLetterMessage(key, generation, reason.ToCode(), time.GetUtcNow());
        var request = new SendMessageRequest
        {
            QueueUrl = options.DeadLetterQueueUrl,
            MessageBody = message.Format(),
        };
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            patience.Token,
            cancellationToken
        );
        try
        {
            await AwsFaults.CallAsync(
                "SQS",
                _ => sqs.SendMessageAsync(request, either.Token),
                cancellationToken
            );
            return true;
        }
        catch (StoreUnavailableException exception)
        {
            DeadLetterLog.NotSent(
                logger,
                key.TenantId.Value,
                key.EventId.ToString(),
                key.EndpointId.ToString(),
                exception.Message
            );
            return false;
        }
    }
}
