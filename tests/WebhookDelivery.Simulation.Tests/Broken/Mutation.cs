namespace WebhookDelivery.Simulation.Tests;

/// <summary>A fault that Core's source is given: a fragment of one file gives way to another.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">The file, from Core's folder.</param>
/// <param name="Fragment">What must be there exactly once.</param>
/// <param name="Replacement">What takes its place; <c>BROKEN</c> stands for whether this fault is on.</param>
internal sealed record Mutation(string Name, string File, string Fragment, string Replacement)
{
    /// <summary>
    /// Where the search begins; 1 by default. What takes a coincidence that comes once in ten thousand
    /// seeds begins shortly before one that has it.
    /// </summary>
    public int FirstSeed { get; init; } = 1;

    /// <summary>The faults that the simulation must find, each one that somebody might really make.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(
            "stored-after-the-answer",
            "Ingestion/EventIngestor.cs",
            "var result = await store.AppendAsync(append, CancellationToken.None);",
            """
            AppendResult result;
            try
            {
                result = await store.AppendAsync(append, CancellationToken.None);
            }
            catch (StoreUnavailableException) when (BROKEN)
            {
                return new IngestOutcome.Accepted(append.Event.Id, append.Endpoints);
            }
            """
        ),
        new(
            "claim-completed-before-the-record",
            "Delivery/DeliveryRunner.cs",
            "// 5\n        var moved = await",
            """
            if (BROKEN) { await queue.CompleteAsync(claim, cancellationToken); }

            var moved = await
            """
        ),
        new(
            "follow-up-skipped",
            "Delivery/DeliveryRunner.cs",
            "if (moved)\n        {\n            await FollowUpAsync(",
            "if (moved && !BROKEN)\n        {\n            await FollowUpAsync("
        ),
        new(
            "wait-counted-from-the-start",
            "Delivery/DeliveryRunner.cs",
            "outcome,\n            time.GetUtcNow(),",
            "outcome,\n            BROKEN ? startedAt : time.GetUtcNow(),"
        ),
        new(
            "place-kept-after-a-fault",
            "Delivery/DeliveryWorker.cs",
            ": dispatcher.Release(claim.Due.Key.Endpoint, result.Limits, now);",
            ": !(BROKEN && result.Limits is null) && dispatcher.Release(claim.Due.Key.Endpoint, result.Limits, now);"
        ),
        new(
            "returned-claim-lost",
            "Delivery/DeliveryWorker.cs",
            "var more = result.PostponedUntil is { } until",
            "var more = !BROKEN && result.PostponedUntil is { } until"
        ),
        new(
            "record-dropped-in-an-outage",
            "Delivery/StorePersistence.cs",
            "while (true)\n            {\n                var pause",
            "while (true)\n            {\n                if (BROKEN) { return default!; }\n                var pause"
        ),
        new(
            "gone-endpoint-kept",
            "Delivery/DeliveryRunner.cs",
            "FindReasonToDisable(attempt.Outcome) is { } why)",
            "FindReasonToDisable(attempt.Outcome) is { } why && !(BROKEN && why == ReasonCode.EndpointGone))"
        ),
        new(
            "request-to-disable-left-to-whoever-moved-it",
            "Delivery/DeliveryRunner.cs",
            "if (RetryPolicy.",
            "if ((moved || !BROKEN) && RetryPolicy."
        ),
        new(
            "aborted-tried-again",
            "Retrying/RetryPolicy.cs",
            "case ReasonCode.Aborted:\n                return Aborted;",
            "case ReasonCode.Aborted when !BROKEN:\n                return Aborted;"
        ),
        new(
            "requeued-not-enqueued",
            "DeadLetters/DeadLetterRequeuer.cs",
            "if (!opened.Endpoint.Disabled)",
            "if (!opened.Endpoint.Disabled && !BROKEN)"
        ),
        new(
            "backlog-settled-too-soon",
            "Recovering/GraceAfterChange.cs",
            "=> time.GetUtcNow() >= EndOf(endpoint);",
            "=> BROKEN || time.GetUtcNow() >= EndOf(endpoint);"
        )
        {
            FirstSeed = 24_500,
        },
        new(
            "stale-claim-attempted",
            "Delivery/DeliveryRunner.cs",
            "if (claim.MayBeStale(time.GetUtcNow()) &&",
            "if (!BROKEN && claim.MayBeStale(time.GetUtcNow()) &&"
        ),
        new(
            "cancelled-not-withdrawn",
            "Delivery/DeliveryCanceller.cs",
            "cancelled.Add(delivery.Key.EndpointId);\n",
            "cancelled.Add(delivery.Key.EndpointId);\n                if (BROKEN) { continue; }\n"
        ),
        new(
            "change-remembered-as-it-was",
            "Endpoints/EndpointAdministration.cs",
            "return await store.SaveEndpointAsync(endpoint, cancellationToken);\n        }\n        finally\n        {\n            directory.Forget(endpoint.Key.TenantId);",
            "return await store.SaveEndpointAsync(endpoint, cancellationToken);\n        }\n        finally\n        {\n            if (!BROKEN) { directory.Forget(endpoint.Key.TenantId); }"
        ),
        new(
            "success-leaves-failing",
            "Health/EndpointHealth.cs",
            "return endpoint.FailingSince is null && Volatile.Read(ref _counted) == 0",
            "return BROKEN || (endpoint.FailingSince is null && Volatile.Read(ref _counted) == 0)"
        ),
        new(
            "disabled-owing-nothing",
            "Endpoints/EndpointAdministration.cs",
            "? BacklogAction.Announce",
            "? (BROKEN ? BacklogAction.None : BacklogAction.Announce)"
        ),
        new(
            "announcement-cleared-unpaid",
            "Delivery/Sweeper.cs",
            "if (!await events.DisabledAsync(endpoint, cancellationToken))",
            "if (!await events.DisabledAsync(endpoint, cancellationToken) && !BROKEN)"
        ),
        new(
            "announced-as-often-as-swept",
            "Health/OperationalEvents.cs",
            "IdempotencyKey = $",
            "IdempotencyKey = BROKEN ? null : $"
        ),
        new(
            "news-of-news",
            "Health/OperationalEvents.cs",
            "endpoint.Operational\n",
            "(endpoint.Operational && !BROKEN)\n"
        ),
        new(
            "dead-letter-untold",
            "Delivery/DeliveryRunner.cs",
            "if (decision.Transition.Status == DeliveryStatus.DeadLetter)",
            "if (decision.Transition.Status == DeliveryStatus.DeadLetter && !BROKEN)"
        ),
    ];

    /// <summary>The file's text with the fault in it, to be switched on.</summary>
    /// <exception cref="InvalidOperationException">The fragment is not there, or more than once.</exception>
    public string Apply(string text)
    {
        var parts = text.Split(Fragment);
        return parts.Length == 2
            ? string.Join(
                Replacement.Replace(
                    "BROKEN",
                    $"global::WebhookDelivery.Core.Broken.Is(\"{Name}\")",
                    StringComparison.Ordinal
                ),
                parts
            )
            : throw new InvalidOperationException(
                $"{File} has changed, so that '{Name}' can no longer be put into it: '{Fragment}' is there {parts.Length - 1} times. Give the fault its place anew."
            );
    }
}
