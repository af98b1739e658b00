using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core;

/// <summary>Makes one attempt and carries out what follows from it. Thread-safe.</summary>
/// <remarks>
/// <code>
/// claim ─▶ 1 endpoint as it is now ── deleted ─▶ CANCELLED
///                │                  └─ disabled ─▶ PARKED
///                ├─ cancelled or started anew since ─▶ completed; nothing written
///                ├─ its rate is used up elsewhere ─▶ back to the dispatcher; nothing written
///                ▼
///          2 payload (carried, or read once its bytes are free)
///                ▼
///          3 sign afresh, send ── breaker open ─▶ back to the dispatcher; nothing written
///                ▼
///          4 decide (pure)
///                ▼                        here the endpoint's place is free for the next attempt
///          5 record attempt and transition   the outcome first …
///                ▼
///          6 schedule: retry, dead letter, disable   … then what follows from it,
///                │                                  for the endpoint's health also
///                ▼
///          7 complete the claim
/// </code>
/// A process that dies after 3 and before 5 attempts the delivery again: the receiver sees the same
/// `webhook-id` twice. One that dies between 5 and 6 leaves a due time for the sweeper to find.
/// </remarks>
public sealed class DeliveryRunner(
    TenantDirectory directory,
    IEventStore store,
    IDeliveryQueue queue,
    IWebhookSender sender,
    PayloadBudget payloads,
    EndpointAdministration endpoints,
    DeliveryStatistics statistics,
    EndpointHealth health,
    OperationalEvents events,
    IJitterSource jitter,
    TimeProvider time,
    DeliveryOptions options,
    ILogger<DeliveryRunner> logger,
    ISharedRateLimiter? rates = null
)
{
    /// <summary>
    /// As many as were parked: what else is parked is resumed at a pace, and must not get past it here.
    /// </summary>
    private const int ResumeBatch = 1;

    /// <summary>For how long an attempt stands aside whose lease does not let it wait for bytes.</summary>
    private static readonly TimeSpan Crowded = TimeSpan.FromSeconds(1);

    /// <summary>Runs a claim to its end: <see cref="AttemptAsync"/>, then <see cref="SettleAsync"/>.</summary>
    /// <param name="claim">What is due.</param>
    /// <param name="persistence">Carries store calls through an outage of the store.</param>
    /// <param name="cancellationToken">Aborts: the claim is left as it is, to be found again.</param>
    public async ValueTask<RunResult> RunAsync(
        ClaimedDelivery claim,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        var result = await AttemptAsync(claim, persistence, cancellationToken);
        if (result.Settlement is { } settlement)
        {
            await SettleAsync(settlement, persistence, cancellationToken);
        }

        return result;
    }

    /// <summary>
    /// Steps 1–4: one exchange, or none where the endpoint is gone, disabled or behind an open breaker.
    /// </summary>
    /// <param name="claim">What is due.</param>
    /// <param name="persistence">Carries store calls through an outage of the store.</param>
    /// <param name="cancellationToken">Aborts: the claim is left as it is, to be found again.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RunResult> AttemptAsync(
        ClaimedDelivery claim,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        var due = claim.Due;

        // Room for a payload that is not carried along, first of all: to wait for it may take long, and
        // the endpoint is to be looked at as it is when the attempt begins.
        using var share = due.Payload is null ? await ReserveAsync(claim, cancellationToken) : null;
        if (share is null && due.Payload is null)
        {
            return new RunResult(time.GetUtcNow() + Crowded, null) { Hold = LaneHold.SharedCap };
        }

        // 1
        var endpoint = await directory.FindEndpointAsync(due.Key, cancellationToken);
        if (endpoint is null)
        {
            await SetAsideAsync(
                claim,
                DeliveryStatus.Cancelled,
                ReasonCode.EndpointDeleted,
                persistence,
                cancellationToken
            );
            return new RunResult(null, null);
        }

        var limits = EndpointLimits.Of(endpoint.Endpoint, options);
        if (endpoint.Endpoint.Disabled)
        {
            await ParkAsync(claim, persistence, cancellationToken);
            return new RunResult(null, limits);
        }

        if (claim.MayBeStale(time.GetUtcNow()) && !await IsDueAsync(due, cancellationToken))
        {
            await queue.CompleteAsync(claim, cancellationToken);
            return new RunResult(null, limits);
        }

        if (
            rates is not null
            && limits.RatePerSecond is { } rate
            && await rates.TakeAsync(due.Key.Endpoint, rate, time.GetUtcNow(), cancellationToken)
                is { } later
        )
        {
            return new RunResult(later, limits) { Hold = LaneHold.Rate };
        }

        // 2
        var payload =
            due.Payload
            ?? await store.FindPayloadAsync(due.Key.TenantId, due.Key.EventId, cancellationToken);
        if (payload is null)
        {
            // Erased with its tenant, or expired: there is nothing left to deliver or to record.
            await queue.CompleteAsync(claim, cancellationToken);
            return new RunResult(null, limits);
        }

        share?.Settle(payload.Value.Length);

        // Waiting for bytes and reading them took a while, in which it may have been cancelled.
        if (claim.IsWithdrawn && !await IsDueAsync(due, cancellationToken))
        {
            await queue.CompleteAsync(claim, cancellationToken);
            return new RunResult(null, limits);
        }

        // 3
        var startedAt = time.GetUtcNow();
        var request = Sign(due, endpoint, payload.Value, startedAt);
        var result = await sender.SendAsync(request, cancellationToken);
        if (result is not SendResult.Attempted { Outcome: var answer })
        {
            return new RunResult(((SendResult.Postponed)result).Until, limits)
            {
                Hold = LaneHold.Breaker,
            };
        }

        // 4
        var outcome = ResponseRedaction.Apply(answer, endpoint, payload.Value.Span);
        var decision = RetryPolicy.Decide(
            endpoint.Endpoint.RetrySchedule ?? options.RetrySchedule,
            due.Attempt,
            outcome,
            time.GetUtcNow(),
            outcome.Reason == ReasonCode.Delivered ? 0 : jitter.Next()
        );
        DeliveryLog.Attempted(logger, due, endpoint, outcome, decision);

        var attempt = new Attempt
        {
            Key = due.Key,
            Generation = due.Generation,
            Number = due.Attempt,
            StartedAt = startedAt,
            EndpointVersion = endpoint.Endpoint.Version,
            Outcome = outcome,
        };
        return new RunResult(
            null,
            limits,
            new Settlement(claim, endpoint.Endpoint, attempt, decision)
        );
    }

    /// <summary>Steps 5–7: the outcome, then what follows from it, then the claim.</summary>
    /// <param name="settlement">What came of the attempt.</param>
    /// <param name="persistence">Carries store calls through an outage of the store.</param>
    /// <param name="cancellationToken">Gives up: the attempt will be made again.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SettleAsync(
        Settlement settlement,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        var (claim, endpoint, attempt, decision) = settlement;

        // 5
        var moved = await persistence.InsistAsync(
            attempt.Key.TenantId,
            (Store: store, Attempt: attempt, decision.Transition),
            static (state, token) =>
                state.Store.RecordAttemptAsync(state.Attempt, state.Transition, token),
            cancellationToken
        );
        statistics.Attempted(attempt, moved ? decision.Transition.Status : null);

        // 6: a stale attempt is recorded, but what follows is for whoever moved the delivery.
        if (moved)
        {
            await FollowUpAsync(claim.Due, decision, attempt.Outcome.Reason, cancellationToken);
            if (decision.Transition.Status == DeliveryStatus.DeadLetter)
            {
                await events.DeadLetteredAsync(
                    endpoint,
                    DeadLetterNews.Of(attempt, claim.Due.EventType),
                    cancellationToken
                );
            }
        }

        if (RetryPolicy.FindReasonToDisable(attempt.Outcome) is { } why)
        {
            await persistence.InsistAsync(
                endpoint.Key.TenantId,
                (Endpoints: endpoints, Endpoint: endpoint, Why: why),
                static (state, token) =>
                    state.Endpoints.DisableAsync(state.Endpoint, state.Why, token),
                cancellationToken
            );
        }

        if (health.Note(endpoint, attempt) is { } follows)
        {
            await health.CarryOutAsync(endpoint, attempt, follows, persistence, cancellationToken);
        }

        // 7
        await queue.CompleteAsync(claim, cancellationToken);
    }

    private ValueTask<bool> IsDueAsync(DueDelivery due, CancellationToken cancellationToken) =>
        store.IsDueAsync(
            due.Key,
            new DeliveryFence(due.Generation, due.Attempt - 1),
            cancellationToken
        );

    /// <summary>
    /// Waits for bytes while enough is left of the lease to attempt it; null if that is over.
    /// </summary>
    private ValueTask<PayloadShare?> ReserveAsync(
        ClaimedDelivery claim,
        CancellationToken cancellationToken
    ) =>
        payloads.ReserveAsync(
            claim.Due.Key.TenantId,
            claim.LeaseEndsAt - options.LeaseMargin,
            cancellationToken
        );

    private ValueTask FollowUpAsync(
        DueDelivery due,
        RetryDecision decision,
        ReasonCode reason,
        CancellationToken cancellationToken
    ) =>
        decision switch
        {
            RetryDecision.RetryAt retry => queue.EnqueueAsync(
                [due with { Attempt = due.Attempt + 1, DueAt = retry.At, CommitNumber = 0 }],
                cancellationToken
            ),
            RetryDecision.DeadLetter or RetryDecision.EndpointGone or RetryDecision.Aborted =>
                queue.DeadLetterAsync(due, reason, cancellationToken),
            _ => ValueTask.CompletedTask,
        };

    private async ValueTask ParkAsync(
        ClaimedDelivery claim,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        await SetAsideAsync(
            claim,
            DeliveryStatus.Parked,
            ReasonCode.EndpointDisabled,
            persistence,
            cancellationToken
        );

        // Enabled while we parked: whoever resumes the backlog may have looked before we wrote.
        var key = claim.Due.Key;
        var view = await directory.FindAsync(key.TenantId, cancellationToken);
        if (
            view is not null
            && view.TryFind(key.EndpointId, out var endpoint)
            && !endpoint.Endpoint.Disabled
        )
        {
            var resumed = await store.ResumeAsync(
                key.Endpoint,
                ResumeBatch,
                DuePace.AtOnce(time.GetUtcNow()),
                cancellationToken
            );
            await queue.EnqueueAsync(resumed, cancellationToken);
        }
    }

    private async ValueTask SetAsideAsync(
        ClaimedDelivery claim,
        DeliveryStatus status,
        ReasonCode reason,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        var due = claim.Due;
        var now = time.GetUtcNow();
        var moved = await persistence.InsistAsync(
            due.Key.TenantId,
            (Store: store, Due: due, Status: status, Reason: reason, Now: now),
            static (state, token) =>
                state.Store.SetAsideAsync(
                    state.Due.Key,
                    new DeliveryFence(state.Due.Generation, state.Due.Attempt - 1),
                    state.Status,
                    state.Reason,
                    state.Now,
                    token
                ),
            cancellationToken
        );
        statistics.SetAside(due.Key.Endpoint, status, moved ? 1 : 0, now);
        await queue.CompleteAsync(claim, cancellationToken);
    }

    private WebhookRequest Sign(
        DueDelivery due,
        OpenedEndpoint endpoint,
        ReadOnlyMemory<byte> payload,
        DateTimeOffset now
    )
    {
        var signed = WebhookSigner.Sign(
            endpoint.SecretsAt(now),
            due.Key.EventId.ToString(),
            now,
            payload.Span
        );
        var headers = new List<KeyValuePair<string, string>>(6 + endpoint.Headers.Count)
        {
            new("webhook-id", signed.WebhookId),
            new("webhook-timestamp", signed.WebhookTimestamp),
            new("Stripe-Signature", signed.StripeSignature),
            new("webhook-attempt", due.Attempt.ToString(CultureInfo.InvariantCulture)),
        };
        if (signed.WebhookSignature is { } signature)
        {
            headers.Add(new("webhook-signature", signature));
        }

        if (due.EventType is { } type)
        {
            headers.Add(new("webhook-event-type", type));
        }

        headers.AddRange(endpoint.Headers);
        return new WebhookRequest
        {
            Endpoint = due.Key.Endpoint,
            Url = endpoint.Url,
            Payload = payload,
            Headers = headers,
            Timeout = endpoint.Endpoint.Timeout ?? options.Timeout,
        };
    }
}
