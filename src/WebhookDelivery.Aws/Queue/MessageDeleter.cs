using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws;

/// <summary>
/// Deletes messages that are done with, 10 in a call, or fewer after 200 ms. What is not deleted
/// comes again and is recognised, so that a failure is logged and no more. Thread-safe.
/// </summary>
internal sealed class MessageDeleter(
    IAmazonSQS sqs,
    AwsEngineOptions options,
    ILogger<MessageDeleter> logger
) : IAsyncDisposable
{
    private const int EntriesMax = 10;

    /// <summary>Real time: whoever waits for company must not wait for a clock that stands still.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan DisposePatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];
    private List<string> _waiting = [];

    /// <summary>Deletes a message, soon. Does not wait for it and never throws.</summary>
    /// <param name="receipt">The handle of the receipt.</param>
    public void Delete(string receipt)
    {
        List<string>? full = null;
        var isFirst = false;
        lock (_gate)
        {
            _waiting.Add(receipt);
            isFirst = _waiting.Count == 1;
            if (_waiting.Count == EntriesMax)
            {
                full = _waiting;
                _waiting = [];
            }
        }

        if (full is not null)
        {
            Run(DeleteAsync(full));
        }
        else if (isFirst)
        {
            Run(DeleteLaterAsync());
        }
    }

    /// <summary>Deletes what waits for company, and waits a while for what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        Run(DeleteAsync(TakeAll()));
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await Task.WhenAny(Task.WhenAll(running), Task.Delay(DisposePatience));
    }

    private void Run(Task task)
    {
        lock (_gate)
        {
            _running.RemoveWhere(each => each.IsCompleted);
            _running.Add(task);
        }
    }

    private async Task DeleteLaterAsync()
    {
        await Task.Delay(Linger);
        await DeleteAsync(TakeAll());
    }

    private List<string> TakeAll()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    private async Task DeleteAsync(List<string> receipts)
    {
        if (receipts.Count == 0)
        {
            return;
        }

        var entries = receipts.Select(
            (receipt, index) =>
                new DeleteMessageBatchRequestEntry { Id = $"{index}", ReceiptHandle = receipt }
        );
        try
        {
            var answer = await sqs.DeleteMessageBatchAsync(
                new DeleteMessageBatchRequest
                {
                    QueueUrl = options.QueueUrl,
                    Entries = [.. entries],
                }
            );
            if (answer.Failed is { Count: > 0 } failed)
            {
                QueueLog.DeleteRefused(logger, failed.Count, failed[^1].Code);
            }
        }
        catch (Exception exception)
        {
            // Nobody waits for this, and nothing is lost: the messages come again.
            QueueLog.DeleteRefused(logger, receipts.Count, exception.Message);
        }
    }
}
