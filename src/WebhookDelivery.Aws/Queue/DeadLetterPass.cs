using System.Collections.Concurrent;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// One pass over the dead-letter queue, which brings it in line with the store. It receives each
/// message once and keeps it hidden to the end, so that nothing, however malformed, is in the way of
/// the rest. Two at once are harmless: each acts on the messages that it got. Not thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// collect   poison (a delivery's own message, moved here by SQS) becomes DEAD_LETTER in the store
/// settle    what the store does not call a dead letter of that generation any more: deleted
///           what it does: one hint stays, others are deleted, poison gives way to one
/// dispose   what is left becomes visible again, the unreadable also
/// </code>
/// What the store or the queue refuses on the way is logged, and left to the next pass.
/// </remarks>
internal sealed class DeadLetterPass(
    DeadLetterScope scope,
    DeadLetterQueue queue,
    DeadLetterStates states,
    DeadLetterMessages messages,
    IEventStore store,
    Lazy<OperationalEvents> events,
    TimeProvider time,
    ILogger<DeadLetterPass> logger
) : IAsyncDisposable
{
    private const int Together = 8;

    /// <summary>What is not given back by then comes by itself.</summary>
    private static readonly TimeSpan ReleaseFor = TimeSpan.FromSeconds(10);

    /// <summary>Receipts by message id: the latest is the one that works.</summary>
    private readonly Dictionary<string, string> _others = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldDeadLetter> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Messages received and not deleted.</summary>
    public int Held => _others.Count + _held.Count;

    /// <summary>Receives what there is, within the scope's bounds, and records the poison among it.</summary>
    public async ValueTask CollectAsync(CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + scope.ReceiveFor;
        var found = true;
        while (found && Held < scope.MessagesMax && time.GetUtcNow() < end)
        {
            var max = Math.Min(scope.BatchSize, scope.MessagesMax - Held);
            var before = Held;
            var received = await queue.ReceiveAsync(max, cancellationToken);
            var taken = received.Select(Take).OfType<HeldDeadLetter>().ToList();

            // Messages that come a second time, as the pass takes long, are the end of it.
            found = Held > before;
            var recorded = await Task.WhenAll(
                taken.Select(each => RecordPoisonAsync(each, cancellationToken).AsTask())
            );
            foreach (var (each, _) in taken.Zip(recorded).Where(pair => !pair.Second))
            {
                // It may be all that is left of an open delivery, and would look stale.
                _held.Remove(each.MessageId);
                _others[each.MessageId] = each.Receipt;
            }
        }

        if (_unreadable.Count > 0)
        {
            DeadLetterLog.Unreadable(logger, _unreadable.Count, _unreadable.First());
        }
    }

    /// <summary>Deletes what is stale by now, and puts a hint in the place of poison.</summary>
    /// <returns>How many were stale.</returns>
    public async ValueTask<int> SettleAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<DeliveryKey, int?> dead;
        try
        {
            dead = await states.ReadAsync(_held.Values.Select(each => each.Key), cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            DeadLetterLog.NotCompared(logger, exception.Message);
            return 0;
        }

        var known = _held.Values.Where(each => dead.ContainsKey(each.Key)).ToList();
        var stale = known.Where(each => dead[each.Key] != each.Generation).ToList();
        var redundant = await UniteAsync(known.Except(stale), cancellationToken);
        await DropAsync([.. stale, .. redundant], cancellationToken);
        return stale.Count(each => !_held.ContainsKey(each.MessageId));
    }

    /// <summary>Gives back what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(ReleaseFor, time);
        try
        {
            await queue.ReleaseAsync(
                _others.Values.Concat(_held.Values.Select(each => each.Receipt)),
                patience.Token
            );
        }
        catch (OperationCanceledException)
        {
            // What is still hidden comes by itself.
        }
    }

    /// <summary>Keeps a message. What it says, if this pass acts on it and sees it for the first time.</summary>
    private HeldDeadLetter? Take(Message message)
    {
        var read = HeldDeadLetter.Read(message);
        if (read is null || !scope.Covers(read.Key))
        {
            _others[message.MessageId] = message.ReceiptHandle;
            if (read is null)
            {
                _unreadable.Add(message.MessageId);
            }

            return null;
        }

        var isNew = !_held.ContainsKey(read.MessageId);
        _others.Remove(read.MessageId);
        _held[read.MessageId] = read;
        return isNew ? read : null;
    }

    /// <summary>False if the message is poison and the store could not be told.</summary>
    private async ValueTask<bool> RecordPoisonAsync(
        HeldDeadLetter held,
        CancellationToken cancellationToken
    )
    {
        if (held.PoisonAttempt is not { } attempt)
        {
            return true;
        }

        var (tenant, eventId, endpoint) = held.Key;
        try
        {
            var moved = await store.SetAsideAsync(
                held.Key,
                new DeliveryFence(held.Generation, attempt - 1),
                DeliveryStatus.DeadLetter,
                ReasonCode.Poison,
                time.GetUtcNow(),
                cancellationToken
            );
            if (moved)
            {
                DeadLetterLog.PoisonRecorded(
                    logger,
                    tenant.Value,
                    eventId.ToString(),
                    endpoint.ToString(),
                    held.Generation,
                    attempt
                );
                await events.Value.DeadLetteredAsync(
                    held.Key,
                    new DeadLetterNews(
                        eventId,
                        held.EventType,
                        held.Generation,
                        attempt - 1,
                        ReasonCode.Poison,
                        LastStatusCode: null
                    ),
                    cancellationToken
                );
            }

            return true;
        }
        catch (StoreUnavailableException exception)
        {
            DeadLetterLog.PoisonNotRecorded(
                logger,
                tenant.Value,
                eventId.ToString(),
                endpoint.ToString(),
                exception.Message
            );
            return false;
        }
    }

    /// <summary>Leaves each dead letter one hint. Returns what can be deleted, as a hint stands for it.</summary>
    private async ValueTask<IReadOnlyCollection<HeldDeadLetter>> UniteAsync(
        IEnumerable<HeldDeadLetter> dead,
        CancellationToken cancellationToken
    )
    {
        var redundant = new ConcurrentBag<HeldDeadLetter>();
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Together,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(
            dead.GroupBy(each => each.Key),
            parallel,
            async (group, token) =>
            {
                var hint = group.FirstOrDefault(each => each.PoisonAttempt is null);
                var generation = group.First().Generation;
                if (
                    hint is not null
                    || await messages.SendAsync(group.Key, generation, ReasonCode.Poison, token)
                )
                {
                    foreach (var each in group.Where(each => each != hint))
                    {
                        redundant.Add(each);
                    }
                }
            }
        );
        return redundant;
    }

    private async ValueTask DropAsync(
        IReadOnlyCollection<HeldDeadLetter> doomed,
        CancellationToken cancellationToken
    )
    {
        var left = await queue.DeleteAsync(doomed.Select(each => each.Receipt), cancellationToken);
        foreach (var each in doomed.Where(each => !left.Contains(each.Receipt)))
        {
            _held.Remove(each.MessageId);
        }
    }
}
