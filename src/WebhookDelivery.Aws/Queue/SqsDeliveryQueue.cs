using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using EventId = WebhookDelivery.Core.EventId;

namespace WebhookDelivery.Aws;

/// <summary>
/// <see cref="IDeliveryQueue"/> on SQS, with `due-index` for what SQS cannot keep or has lost. A wait
/// is a delayed message, never a long visibility timeout: what waits must not count against the
/// messages that a queue may have in flight.
/// </summary>
internal sealed class SqsDeliveryQueue(
    MessageSender sender,
    MessageReceiver receiver,
    MessageDeleter deleter,
    DeliveryMessageReader reader,
    ClaimNotes notes,
    DueIndex index,
    DueFallback fallback,
    OverdueSweep overdue,
    DeadLetterMessages deadLetters,
    IDeadLetterSweep deadLetterSweep,
    IJitterSource jitter,
    AwsEngineOptions options,
    TimeProvider time,
    ILogger<SqsDeliveryQueue> logger
) : IDeliveryQueue, IAsyncDisposable
{
    /// <summary>
    /// The store decided a moment earlier than this whether a delivery rests; so near the longest
    /// delay the two may differ.
    /// </summary>
    private static readonly TimeSpan DecisionLag = TimeSpan.FromSeconds(5);

    private readonly HeldClaims _held = new(options);

    /// <inheritdoc/>
    public async ValueTask EnqueueAsync(
        IReadOnlyList<DueDelivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var messages = new List<OutgoingMessage>(deliveries.Count);
        var unsent = new List<(DueDelivery Due, DateTimeOffset At)>();
        foreach (var due in deliveries)
        {
            var wait = due.DueAt - now;
            if (wait > options.DelayMax)
            {
                // It rests: the store has given it its due time, unless it has no item.
                unsent.Add((due, due.DueAt));
            }
            else if (await MayGoAsync(due, wait, cancellationToken))
            {
                messages.Add(NewMessage(new DeliveryMessage { Due = due }, wait));
            }
        }

        var refused = await sender.SendAsync(messages);
        unsent.AddRange(refused.Select(message => (message.Due, now + DueFallback.RetryAfter)));
        var events = unsent
            .Where(each => DueIndex.IsFirst(each.Due))
            .GroupBy(each => (each.Due.Key.TenantId, each.Due.Key.EventId));
        await Task.WhenAll(events.Select(group => KeepAsync(group.Key, [.. group]).AsTask()));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClaimedDelivery>> ReceiveAsync(
        int max,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var messages = await receiver.ReceiveAsync(max, cancellationToken);
            var claims = await ClaimAsync(messages, cancellationToken);
            if (claims.Count > 0)
            {
                return claims;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(ClaimedDelivery claim, CancellationToken cancellationToken)
    {
        if (claim.Receipt is { } receipt)
        {
            _held.End(claim);
            deleter.Delete(receipt);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A new message goes out before the old one is deleted. One that cannot be sent leaves the claim
    /// as it is: it comes again when the lease ends.
    /// </remarks>
    /// <exception cref="StoreUnavailableException">SQS or DynamoDB refused; the claim stands.</exception>
    public async ValueTask PostponeAsync(
        ClaimedDelivery claim,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        // The claim ends before its successor can come, which would be taken for a copy of it.
        var messageId = _held.End(claim);
        if (claim.Receipt is not null && messageId is null)
        {
            return;
        }

        try
        {
            await MoveAsync(claim, until, cancellationToken);
        }
        catch
        {
            if (messageId is not null)
            {
                _held.TryHold(claim, messageId, time.GetUtcNow());
            }

            throw;
        }

        await CompleteAsync(claim, cancellationToken);
    }

    /// <summary>Does nothing: a message cannot be called back. Claims are looked up where they may be stale.</summary>
    public ValueTask WithdrawAsync(DeliveryKey key, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DeadLetterAsync(
        DueDelivery delivery,
        ReasonCode reason,
        CancellationToken cancellationToken
    ) => await deadLetters.SendAsync(delivery.Key, delivery.Generation, reason, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sent = await overdue.SweepAsync(now, cancellationToken);
        await deadLetterSweep.SweepAsync(now, cancellationToken);
        return sent;
    }

    /// <summary>Lets go of what was received and not taken, and deletes what is done with.</summary>
    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await deleter.DisposeAsync();
    }

    /// <summary>
    /// False for what is known to have moved on. Near the longest delay the store may have let the
    /// delivery rest: then the sweeper must be told that there is a message.
    /// </summary>
    private async ValueTask<bool> MayGoAsync(
        DueDelivery due,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        if (
            DueIndex.IsFirst(due)
            || options.DelayMax == TimeSpan.Zero
            || wait <= options.DelayMax - DecisionLag
        )
        {
            return true;
        }

        var healing = DueTimes.Healing(due.DueAt, options);
        try
        {
            var standing = await index.PushAsync(due, healing, cancellationToken);
            return !standing.IsStale;
        }
        catch (StoreUnavailableException)
        {
            // Without a message, its due time finds it either way.
            return false;
        }
    }

    private ValueTask KeepAsync(
        (TenantId Tenant, EventId Event) key,
        List<(DueDelivery Due, DateTimeOffset At)> unsent
    ) =>
        fallback.KeepAsync(
            key.Tenant,
            key.Event,
            [.. unsent.Select(each => each.Due.Key.EndpointId).Distinct()],
            unsent.Min(each => each.At)
        );

    /// <summary>Those of the messages that are due deliveries, and not another copy of one held here.</summary>
    private async ValueTask<List<ClaimedDelivery>> ClaimAsync(
        IReadOnlyList<ReceivedMessage> messages,
        CancellationToken cancellationToken
    )
    {
        var readings = messages.Select(message => TryReadAsync(message, cancellationToken));
        var claims = new List<ClaimedDelivery>(messages.Count);
        var unread = new List<ReceivedMessage>();
        Exception? fault = null;
        foreach (var (message, reading, exception) in await Task.WhenAll(readings))
        {
            fault ??= exception;
            switch (reading)
            {
                case DeliveryMessageReading.Claimed { Claim: var claim }:
                    // A copy must not wait for what becomes of the one that is held: each time that
                    // it comes counts, and after some SQS takes it for poison.
                    switch (_held.TryHold(claim, message.Id, time.GetUtcNow()))
                    {
                        case HoldOutcome.Held:
                            claims.Add(claim);
                            break;
                        case HoldOutcome.Redundant:
                            deleter.Delete(message.Receipt);
                            break;
                    }

                    break;
                case DeliveryMessageReading.Stale { Key: var key }:
                    QueueLog.Stale(logger, key.EventId.ToString(), key.EndpointId.ToString());
                    deleter.Delete(message.Receipt);
                    break;
                case DeliveryMessageReading.Malformed { Fault: var what }:
                    QueueLog.Malformed(logger, message.ReceiveCount, what);
                    break;
                default:
                    unread.Add(message);
                    break;
            }
        }

        receiver.Return(unread);
        if (fault is not null && claims.Count == 0)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return claims;
    }

    /// <summary>Reads a message; an exception of the store, or of cancelling, is handed over as a value.</summary>
    private async Task<(ReceivedMessage, DeliveryMessageReading?, Exception?)> TryReadAsync(
        ReceivedMessage message,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var reading = await reader.ReadAsync(
                message.Body,
                message.ReceiveCount,
                message.LeaseEndsAt,
                message.Receipt,
                cancellationToken
            );
            return (message, reading, null);
        }
        catch (Exception exception)
            when (exception is StoreUnavailableException or OperationCanceledException)
        {
            return (message, null, exception);
        }
    }

    /// <summary>Sees to it that a claimed delivery comes again later.</summary>
    private async ValueTask MoveAsync(
        ClaimedDelivery claim,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var wait = PostponedFor(claim, until, now);
        if (wait > options.DelayMax)
        {
            await index.RestAsync(claim.Due, now + wait, now, cancellationToken);
        }
        else
        {
            await SendAgainAsync(claim, now + wait, wait, cancellationToken);
        }
    }

    private TimeSpan PostponedFor(ClaimedDelivery claim, DateTimeOffset until, DateTimeOffset now)
    {
        if (until <= now)
        {
            return TimeSpan.Zero;
        }

        var spread = PostponeSpread.Of(claim.Postponements, jitter.Next());
        spread = spread < options.DelayMax ? spread : options.DelayMax;
        return until - now > spread ? until - now : spread;
    }

    private async ValueTask SendAgainAsync(
        ClaimedDelivery claim,
        DateTimeOffset comesAt,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        var standing = await KeepSweeperOffAsync(claim, comesAt, cancellationToken);
        if (standing.IsStale)
        {
            return;
        }

        var message = new DeliveryMessage
        {
            Due = claim.Due with { DueAt = comesAt },
            Postponements = claim.Postponements + 1,
            HealAt = standing.HealAt,
            MustVerify = notes.MustVerify(claim),
        };
        var refused = await sender.SendAsync([NewMessage(message, wait)]);
        if (refused.Count > 0)
        {
            throw new StoreUnavailableException("SQS did not take a postponed delivery.");
        }
    }

    /// <summary>
    /// Sees to it that the sweeper does not take the delivery for lost before its message comes.
    /// </summary>
    private async ValueTask<DueStanding> KeepSweeperOffAsync(
        ClaimedDelivery claim,
        DateTimeOffset comesAt,
        CancellationToken cancellationToken
    )
    {
        var due = claim.Due;
        var lookAhead = DueTimes.LookAhead(options);

        // What was postponed before is known to be left alone until it came, and no longer.
        var healAt =
            notes.HealAt(claim)
            ?? (
                claim.Postponements == 0
                    ? DueTimes.Healing(due.DueAt, options)
                    : due.DueAt + lookAhead
            );
        if (healAt == DeliveryMessage.NoItem || comesAt + lookAhead <= healAt)
        {
            return new DueStanding(IsStale: false, healAt);
        }

        if (DueIndex.IsFirst(due))
        {
            var standing = await index.FindAsync(due, cancellationToken);
            if (standing.IsStale || standing.HealAt == DeliveryMessage.NoItem)
            {
                return standing;
            }
        }

        return await index.PushAsync(due, DueTimes.Healing(comesAt, options), cancellationToken);
    }

    private OutgoingMessage NewMessage(DeliveryMessage message, TimeSpan wait) =>
        new(message, wait, options.MessageBytesMax);
}
