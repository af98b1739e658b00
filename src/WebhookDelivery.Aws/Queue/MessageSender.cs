using System.Diagnostics;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>
/// Sends messages. What arrives while sends are under way goes together, up to 10 in a call; nothing
/// ever waits for company. Thread-safe.
/// </summary>
/// <remarks>
/// A caller is told within 4 s, however SQS hangs: the due times stand for what was not sent. All of
/// that is real time, as it is another machine that is waited for.
/// </remarks>
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

    /// <summary>Waiting messages at which no more are taken on: somewhat less than a second's work.</summary>
    internal const int WaitingMax = 2000;

    /// <summary>Bytes of waiting messages at which no more are taken on.</summary>
    private const int WaitingBytesMax = 64 * 1024 * 1024;

    /// <summary>How long a message may wait for its turn.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a batch may take, with all that is tried again of it.</summary>
    private static readonly TimeSpan BatchMax = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Queue<(OutgoingMessage Message, long Since)> _waiting = new();
    private long _waitingBytes;
    private int _calls;

    /// <summary>
    /// Sends them all, in no particular order. Never throws for what SQS does. No caller cancels what
    /// is under way, since nobody could tell then whether it was sent.
    /// </summary>
    /// <returns>Those that SQS did not take, or of which nobody knows.</returns>
    public async Task<IReadOnlyList<OutgoingMessage>> SendAsync(
        IReadOnlyList<OutgoingMessage> messages
    )
    {
        if (!TryEnqueue(messages))
        {
            Refuse(messages, new SendFault("TooManyWaiting", MayPass: false));
            return messages;
        }

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

    /// <summary>Takes them on; false if so many wait already that these would be late.</summary>
    private bool TryEnqueue(IReadOnlyList<OutgoingMessage> messages)
    {
        int starting;
        lock (_gate)
        {
            if (_waiting.Count >= WaitingMax || _waitingBytes >= WaitingBytesMax)
            {
                return false;
            }

            foreach (var message in messages)
            {
                _waiting.Enqueue((message, Stopwatch.GetTimestamp()));
                _waitingBytes += message.Bytes;
            }

            var useful = (_waiting.Count + EntriesMax - 1) / EntriesMax;
            starting = Math.Min(useful, CallsMax - _calls);
            _calls += starting;
        }

        for (; starting > 0; starting--)
        {
            _ = RunAsync();
        }

        return true;
    }

    private async Task RunAsync()
    {
        while (Take(out var late) is { } batch)
        {
            if (late.Count > 0)
            {
                Refuse(late, new SendFault("NotSentInTime", MayPass: false));
            }

            if (batch.Count == 0)
            {
                continue;
            }

            using var patience = new CancellationTokenSource(BatchMax);
            try
            {
                await SendBatchAsync(batch, patience.Token);
            }
            catch (Exception exception)
            {
                // Whatever went wrong, those who wait must be told, and the others' messages be sent.
                Refuse(batch.Where(message => !message.Sent.IsCompleted), SendFault.Of(exception));
            }
        }
    }

    /// <summary>Takes the next batch; null if there is none, which ends the run.</summary>
    /// <param name="late">What has waited too long.</param>
    private List<OutgoingMessage>? Take(out List<OutgoingMessage> late)
    {
        late = [];
        lock (_gate)
        {
            var batch = new List<OutgoingMessage>(EntriesMax);
            var bytes = 0;
            while (batch.Count < EntriesMax && _waiting.TryPeek(out var next))
            {
                var (message, since) = next;
                var isLate = Stopwatch.GetElapsedTime(since) > WaitMax;
                if (!isLate && batch.Count > 0 && bytes + message.Bytes > BatchBytesMax)
                {
                    break;
                }

                _waiting.Dequeue();
                _waitingBytes -= message.Bytes;
                if (isLate)
                {
                    late.Add(message);
                }
                else
                {
                    batch.Add(message);
                    bytes += message.Bytes;
                }
            }

            if (batch.Count == 0 && late.Count == 0)
            {
                _calls--;
                return null;
            }

            return batch;
        }
    }

    private async Task SendBatchAsync(
        List<OutgoingMessage> batch,
        CancellationToken cancellationToken
    )
    {
        var left = batch;
        var pause = FirstPause;
        for (var retries = 0; ; retries++)
        {
            var faults =
                left.Count == 1
                    ? await SendOneAsync(left[0], cancellationToken)
                    : await SendManyAsync(left, cancellationToken);
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
            await Task.Delay(pause, cancellationToken);
            pause *= 4;
        }
    }

    private async Task<Dictionary<OutgoingMessage, SendFault>> SendOneAsync(
        OutgoingMessage message,
        CancellationToken cancellationToken
    )
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
                },
                cancellationToken
            );
            return [];
        }
        catch (Exception exception) when (AwsFaults.IsTransient(exception, CancellationToken.None))
        {
            return new() { [message] = SendFault.Of(exception) };
        }
    }

    private async Task<Dictionary<OutgoingMessage, SendFault>> SendManyAsync(
        List<OutgoingMessage> messages,
        CancellationToken cancellationToken
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
                new SendMessageBatchRequest { QueueUrl = options.QueueUrl, Entries = [.. entries] },
                cancellationToken
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
