namespace WebhookDelivery.Core;

/// <summary>Why a delivery stands where it does. Pure.</summary>
internal static class DeliveryReasons
{
    /// <summary>What is to be said of a delivery.</summary>
    internal readonly record struct Finding(
        EndpointVerdict Verdict,
        string Detail,
        string? Reason,
        DateTimeOffset? HeldUntil = null
    );

    /// <summary>The verdict on a delivery, and why.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="endpoint">Its endpoint as it is now; null if it is gone without trace.</param>
    /// <param name="standing">Where it stands in this process's dispatcher, if it is open.</param>
    /// <param name="now">The time.</param>
    public static Finding Find(
        Delivery delivery,
        Endpoint? endpoint,
        LaneStanding standing,
        DateTimeOffset now
    )
    {
        var reason = delivery.LastReason?.ToCode();
        return delivery.Status switch
        {
            DeliveryStatus.Delivered => new(EndpointVerdict.Sent, Sent(delivery), reason),
            DeliveryStatus.Parked => new(
                EndpointVerdict.Parked,
                Parked(delivery, endpoint),
                reason
            ),
            DeliveryStatus.DeadLetter => new(EndpointVerdict.DeadLettered, Dead(delivery), reason),
            DeliveryStatus.Cancelled => new(
                EndpointVerdict.Cancelled,
                delivery.LastReason == ReasonCode.EndpointDeleted
                    ? "It was cancelled, as the endpoint was deleted."
                    : "It was cancelled on request.",
                reason
            ),
            _ => Open(delivery, endpoint, standing, now),
        };
    }

    private static Finding Open(
        Delivery delivery,
        Endpoint? endpoint,
        LaneStanding standing,
        DateTimeOffset now
    )
    {
        var isFirst = delivery.GenerationAttempts == 0;
        var verdict = isFirst ? EndpointVerdict.Waiting : EndpointVerdict.Retrying;
        var reason = delivery.LastReason?.ToCode();
        var past = isFirst ? Anew(delivery) : $"{Failed(delivery)} ";
        var dueAt = delivery.NextAttemptAt ?? now;
        if (standing.IsUnderWay)
        {
            return new(verdict, $"{past}An attempt is under way.", reason);
        }

        if (endpoint is null or { DeletedAt: not null })
        {
            return new(
                verdict,
                $"{past}The endpoint is deleted: it is about to be cancelled.",
                reason
            );
        }

        if (dueAt > now && !IsPostponed(delivery, standing))
        {
            var next = isFirst ? "The first attempt" : "The next attempt";
            var blocked = delivery.LastReason == ReasonCode.BlockedAddress && !isFirst;
            var parks = endpoint.Disabled
                ? " The endpoint is disabled: it will be parked then, if that stays so."
                : "";
            return new(
                blocked ? EndpointVerdict.Blocked : verdict,
                $"{past}{next} is due at {Instant.Text(dueAt)}.{parks}",
                reason
            );
        }

        if (endpoint.Disabled && dueAt <= now)
        {
            return new(
                verdict,
                $"{past}An attempt is due, and the endpoint is disabled: it is about to be parked.",
                reason
            );
        }

        var held = Held(delivery, endpoint, standing, past, new(verdict, "", reason));
        return held with { HeldUntil = dueAt > held.HeldUntil ? dueAt : held.HeldUntil };
    }

    /// <summary>
    /// A queue that keeps what it postpones in the store lets a first attempt fall due anew each time. What
    /// makes up for what was missed has times of its own from the start.
    /// </summary>
    private static bool IsPostponed(Delivery delivery, LaneStanding standing) =>
        delivery.GenerationAttempts == 0
        && (
            standing.Hold == LaneHold.Breaker
            || (standing.Hold == LaneHold.Rate && !delivery.Source.IsBacklog())
        );

    private static Finding Held(
        Delivery delivery,
        Endpoint endpoint,
        LaneStanding standing,
        string past,
        Finding otherwise
    ) =>
        standing.Hold switch
        {
            LaneHold.Rate => new(
                EndpointVerdict.Limited,
                $"{past}An attempt is due, and waits for the endpoint's rate limit{Rate(endpoint)}.",
                EndpointExplanation.Holds.RateLimit,
                standing.Until
            ),
            LaneHold.EndpointCap => new(
                EndpointVerdict.Limited,
                $"{past}An attempt is due, and waits for one of those that are under way to end: the endpoint has as many as it may at once.",
                EndpointExplanation.Holds.InFlightLimit
            ),
            LaneHold.SharedCap => new(
                EndpointVerdict.Limited,
                $"{past}An attempt is due, and waits for a place: as many are under way as the tenant or the server may have at once.",
                EndpointExplanation.Holds.ServerLimit,
                standing.Until
            ),
            LaneHold.Breaker => new(
                EndpointVerdict.Blocked,
                $"{past}An attempt is due. The endpoint failed so often of late that nothing is sent to it for a while; this uses up nothing of the retry schedule.",
                EndpointExplanation.Holds.BreakerOpen,
                standing.Until
            ),
            _ when delivery is { LastReason: ReasonCode.BlockedAddress, GenerationAttempts: > 0 } =>
                otherwise with
                {
                    Verdict = EndpointVerdict.Blocked,
                    Detail = $"{past}The next attempt is due now.",
                },
            _ => otherwise with
            {
                Detail =
                    $"{past}An attempt is due and waits for a worker to take it up. Limits that hold it back in another process are not known here.",
            },
        };

    private static string Rate(Endpoint endpoint) =>
        endpoint.RateLimitPerSecond is { } rate
            ? FormattableString.Invariant($", {rate} per second")
            : "";

    private static string Anew(Delivery delivery) =>
        delivery switch
        {
            { Generation: 1, Source: EventSource.Replay } =>
                "It was not routed to the endpoint, and replayed on request. ",
            { Generation: 1 } => "",
            _ =>
                $"It was started anew {Times(delivery.Generation - 1)}, last as `{delivery.Source.ToCode()}`. ",
        };

    private static string Sent(Delivery delivery) =>
        delivery.LastAttemptAt is { } at
            ? $"{Anew(delivery)}Delivered by the attempt of {Instant.Text(at)}{Status(delivery)}, after {Attempts(delivery.Attempts)} in all."
            : $"{Anew(delivery)}Delivered.";

    private static string Parked(Delivery delivery, Endpoint? endpoint) =>
        endpoint switch
        {
            null or { DeletedAt: not null } =>
                "The endpoint is deleted: it is about to be cancelled.",
            { Disabled: false } =>
                "The endpoint is enabled again: its backlog is resumed at a pace, oldest first.",
            { DisabledReason: { } why } =>
                $"The endpoint is disabled (`{why.ToCode()}`). {Kept(delivery)}",
            _ => $"The endpoint is disabled. {Kept(delivery)}",
        };

    private static string Kept(Delivery delivery) =>
        $"It is kept since {Instant.Text(delivery.UpdatedAt)} and resumed when the endpoint is enabled.";

    private static string Dead(Delivery delivery) =>
        delivery.LastReason switch
        {
            ReasonCode.EndpointGone =>
                "The receiver answered 410, gone: no further attempt is made, and the endpoint was disabled.",
            ReasonCode.Aborted =>
                "The receiver asked not to be sent this event again: no further attempt is made.",
            ReasonCode.Poison => "It could not be processed, several times over.",
            _ => $"{Failed(delivery)} The retry schedule is used up.",
        };

    private static string Failed(Delivery delivery) =>
        $"{Anew(delivery)}{Attempts(delivery.GenerationAttempts)} failed, the last one with `{delivery.LastReason?.ToCode()}`{Status(delivery)}.";

    private static string Status(Delivery delivery) =>
        delivery.LastStatusCode is { } code ? $", status {code}" : "";

    private static string Attempts(int count) => count == 1 ? "1 attempt" : $"{count} attempts";

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";
}
