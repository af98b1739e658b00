using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>
/// Sends messages. What arrives while sends are under way goes together, up to 10 in a call; nothing
/// ever waits for company. Thread-safe.
/// </summary>
internal sealed class MessageSender(
    IAmazonSQS sqs,
    AwsEngineOptions options,
    ILogger<MessageSender> logger
)
{
    /// <summary>Entries that a batch takes.</summary>
    private const int EntriesMax = 10;

    /// <summary>Bytes of all bodies of a batch; what every region takes.</summary>
    private const int BatchBytesMax = 256 * 1024;

    /// <summary>Calls under way at once: 4 × 10 in some 15 ms are 2,600 messages/s from one process.</summary>
    private const int CallsMax = 4;

    /// <summary>How often what a batch left out is tried again.</summary>
    private const int RetriesMax = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Queue<OutgoingMessage> _waiting = new();
    private int _calls;

    /// <summary>
    /// Sends them all, in no particular order. Never throws for what SQS does; what is under way is
    /// not cancelled, since nobody could tell then whether it was sent.
    /// </summary>
    /// <returns>Those that SQS did not take, or of which nobody knows.</returns>
    public async Task<IReadOnlyList<OutgoingMessage>> SendAsync(
        IReadOnlyList<OutgoingMessage> messages
    )
    {
        Enqueue(messages);
        List<OutgoingMessage>? refused = null;
        foreach (var message in messages)
        {
            if (!await message.Sent)
            {
                (refused ??= []).Add(message);
            }
        }

        return refused ?? (IReadOnlyList<OutgoingMessage>)[];
    }

    private void Enqueue(IReadOnlyList<OutgoingMessage> messages)
    {
        int starting;
        lock (_gate)
        {
            foreach (var message in messages)
            {
                _waiting.Enqueue(message);
            }

            var useful = (_waiting.Count + EntriesMax - 1) / EntriesMax;
            starting = Math.Min(useful, CallsMax - _calls);
            _calls += starting;
        }

        for (; starting > 0; starting--)
        {
            _ = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        while (Take() is { } batch)
        {
            try
            {
                await SendBatchAsync(batch);
            }
            catch (Exception exception)
            {
                // Whatever went wrong, those who wait must be told, and the others' messages be sent.
                Refuse(batch.Where(message => !message.Sent.IsCompleted), SendFault.Of(exception));
            }
        }
    }

    private List<OutgoingMessage>? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _calls--;
                return null;
            }

            var batch = new List<OutgoingMessage>(EntriesMax);
            var bytes = 0;
            while (
                batch.Count < EntriesMax
                && _waiting.TryPeek(out var next)
                && (batch.Count == 0 || bytes + next.Bytes <= BatchBytesMax)
            )
            {
                batch.Add(_waiting.Dequeue());
                bytes += next.Bytes;
            }

            return batch;
        }
    }

    private async Task SendBatchAsync(List<OutgoingMessage> batch)
    {
        var left = batch;
        var pause = FirstPause;
        for (var retries = 0; ; retries++)
        {
            var faults = left.Count == 1 ? await SendOneAsync(left[0]) : await SendManyAsync(left);
            foreach (var message in left.Where(message => !faults.ContainsKey(message)))
            {
                message.Settle(sent: true);
            }

            // What it takes as characters is for SQS to say: where we differ, the payload is left out.
            var again = faults
                .Where(fault =>
                    fault.Value.IsContents ? fault.Key.TryDropPayload() : fault.Value.MayPass
                )
                .Select(fault => fault.Key)
                .ToList();
            if (retries == RetriesMax)
            {
                again = [];
            }

            foreach (var (message, fault) in faults.Where(fault => !again.Contains(fault.Key)))
            {
                Refuse([message], fault);
            }

            if (again.Count == 0)
            {
                return;
            }

            left = again;
            await Task.Delay(pause);
            pause *= 4;
        }
    }

    private async Task<Dictionary<OutgoingMessage, SendFault>> SendOneAsync(OutgoingMessage message)
    {
        try
        {
            await sqs.SendMessageAsync(
                new SendMessageRequest
                {
                    QueueUrl = options.QueueUrl,
                    MessageBody = message.Body,
                    MessageGroupId = message.Group,
                    DelaySeconds = Delay(message),
                }
            );
            return [];
        }
        catch (Exception exception) when (AwsFaults.IsTransient(exception, CancellationToken.None))
        {
            return new() { [message] = SendFault.Of(exception) };
        }
    }

    private async Task<Dictionary<OutgoingMessage, SendFault>> SendManyAsync(
        List<OutgoingMessage> messages
    )
    {
        var entries = messages.Select(
            (message, index) =>
                new SendMessageBatchRequestEntry
                {
                    Id = $"{index}",
                    MessageBody = message.Body,
                    MessageGroupId = message.Group,
                    DelaySeconds = Delay(message),
                }
        );
        try
        {
            var answer = await sqs.SendMessageBatchAsync(
                new SendMessageBatchRequest { QueueUrl = options.QueueUrl, Entries = [.. entries] }
            );
            return (answer.Failed ?? []).ToDictionary(
                failed => messages[int.Parse(failed.Id)],
                failed => new SendFault(failed.Code, MayPass: failed.SenderFault != true)
            );
        }
        catch (Exception exception) when (AwsFaults.IsTransient(exception, CancellationToken.None))
        {
            var fault = SendFault.Of(exception);
            return messages.ToDictionary(message => message, _ => fault);
        }
    }

    private void Refuse(IEnumerable<OutgoingMessage> messages, SendFault fault)
    {
        var count = 0;
        foreach (var message in messages)
        {
            message.Settle(sent: false);
            count++;
        }

        QueueLog.SendRefused(logger, count, fault.Code);
    }

    private static int? Delay(OutgoingMessage message) =>
        message.DelaySeconds > 0 ? message.DelaySeconds : null;
}
