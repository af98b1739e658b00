using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Receives messages by long polling. A poll outlives the call that began it: what it brings goes to
/// the next call, so that cancelling loses nothing. Thread-safe, for one consumer.
/// </summary>
internal sealed class MessageReceiver(
    IAmazonSQS sqs,
    AwsEngineOptions options,
    TimeProvider time,
    ILogger<MessageReceiver> logger
) : IAsyncDisposable
{
    /// <summary>Messages that a poll brings.</summary>
    private const int PollMax = 10;

    /// <summary>Polls at once, while they come back full: 8 × 10 in some 20 ms are 4,000 messages/s.</summary>
    private const int PollsMax = 8;

    /// <summary>
    /// How long ending waits for a poll to end by itself: what SQS hands to a poll that hung up is
    /// hidden until its lease ends.
    /// </summary>
    private static readonly TimeSpan PollPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan DisposePatience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _polls = [];
    private readonly LinkedList<ReceivedMessage> _arrived = [];
    private TaskCompletionSource _changed = NewSignal();
    private Exception? _fault;
    private int _polling;
    private int _disposed;
    private int _asked;
    private int _pollsWanted = 1;

    /// <summary>Takes up to <paramref name="max"/> messages; waits until there is one.</summary>
    /// <exception cref="StoreUnavailableException">A poll failed, and there is nothing from others.</exception>
    public async ValueTask<IReadOnlyList<ReceivedMessage>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            lock (_gate)
            {
                var taken = Take(max);
                if (_fault is { } fault && taken.Count == 0)
                {
                    _fault = null;
                    throw Unavailable(fault);
                }

                Poll(max - taken.Count);
                if (taken.Count > 0)
                {
                    return taken;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gives back what was taken but could not be used now; it is the first to be taken again.</summary>
    public void Return(IEnumerable<ReceivedMessage> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages.Reverse())
            {
                _arrived.AddFirst(message);
            }
        }
    }

    /// <summary>Ends the polls, and makes visible again what they brought and nobody took. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        Task polls;
        lock (_gate)
        {
            polls = Task.WhenAll(_polls);
        }

        await Task.WhenAny(polls, Task.Delay(PollPatience));
        await _ending.CancelAsync();
        await Task.WhenAny(polls, Task.Delay(DisposePatience));
        using var patience = new CancellationTokenSource(DisposePatience);
        while (TakeSome() is { Count: > 0 } messages)
        {
            await ReleaseAsync(messages, patience.Token);
        }

        _ending.Dispose();
    }

    private List<ReceivedMessage> TakeSome()
    {
        lock (_gate)
        {
            return Take(PollMax);
        }
    }

    /// <summary>What SQS may have handed out again since is not handed out here.</summary>
    private List<ReceivedMessage> Take(int max)
    {
        var now = time.GetUtcNow();
        var taken = new List<ReceivedMessage>(Math.Min(max, _arrived.Count));
        while (taken.Count < max && _arrived.First is { } first)
        {
            _arrived.RemoveFirst();
            if (first.Value.LeaseEndsAt > now)
            {
                taken.Add(first.Value);
            }
        }

        return taken;
    }

    /// <summary>Begins polls, but for no more than there is room for.</summary>
    private void Poll(int room)
    {
        _polls.RemoveWhere(poll => poll.IsCompleted);
        room -= _asked + _arrived.Count;
        while (_polling < _pollsWanted && room > 0)
        {
            var ask = Math.Min(PollMax, room);
            room -= ask;
            _asked += ask;
            _polling++;
            _polls.Add(PollAsync(ask));
        }
    }

    private async Task PollAsync(int ask)
    {
        // The caller holds the lock.
        await Task.Yield();
        var messages = new List<ReceivedMessage>();
        Exception? fault = null;
        try
        {
            var answer = await sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest
                {
                    QueueUrl = options.QueueUrl,
                    MaxNumberOfMessages = ask,
                    WaitTimeSeconds = (int)options.ReceiveWait.TotalSeconds,
                    VisibilityTimeout = (int)options.VisibilityTimeout.TotalSeconds,
                    MessageSystemAttributeNames =
                    [
                        MessageSystemAttributeName.ApproximateReceiveCount,
                    ],
                },
                _ending.Token
            );
            var leaseEndsAt = time.GetUtcNow() + options.VisibilityTimeout;
            messages.AddRange((answer.Messages ?? []).Select(each => Read(each, leaseEndsAt)));
        }
        catch (Exception exception)
        {
            // Nobody awaits a poll: the next call throws for it.
            fault = exception;
        }

        End(ask, messages, fault);
    }

    private void End(int ask, List<ReceivedMessage> messages, Exception? fault)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                _arrived.AddLast(message);
            }

            _asked -= ask;
            _polling--;
            _fault = fault ?? _fault;
            _pollsWanted =
                messages.Count == PollMax
                    ? Math.Min(PollsMax, _pollsWanted * 2)
                    : Math.Max(1, _pollsWanted / 2);
            var changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }
    }

    private static ReceivedMessage Read(Message message, DateTimeOffset leaseEndsAt) =>
        new(
            message.MessageId,
            message.Body,
            message.ReceiptHandle,
            message.Attributes is { } attributes
            && attributes.TryGetValue(
                MessageSystemAttributeName.ApproximateReceiveCount,
                out var count
            )
                ? int.Parse(count)
                : 1,
            leaseEndsAt
        );

    private async Task ReleaseAsync(
        List<ReceivedMessage> messages,
        CancellationToken cancellationToken
    )
    {
        var entries = messages.Select(
            (message, index) =>
                new ChangeMessageVisibilityBatchRequestEntry
                {
                    Id = $"{index}",
                    ReceiptHandle = message.Receipt,
                    VisibilityTimeout = 0,
                }
        );
        try
        {
            var answer = await sqs.ChangeMessageVisibilityBatchAsync(
                new ChangeMessageVisibilityBatchRequest
                {
                    QueueUrl = options.QueueUrl,
                    Entries = [.. entries],
                },
                cancellationToken
            );
            if (answer.Failed is { Count: > 0 } failed)
            {
                QueueLog.NotReleased(logger, failed.Count, failed[^1].Code);
            }
        }
        catch (Exception exception)
        {
            // Ending goes on: the lease ends by itself.
            QueueLog.NotReleased(logger, messages.Count, exception.Message);
        }
    }

    private static StoreUnavailableException Unavailable(Exception fault) =>
        new($"SQS refused or did not answer: {fault.Message}", TimeSpan.FromSeconds(1), fault);

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
