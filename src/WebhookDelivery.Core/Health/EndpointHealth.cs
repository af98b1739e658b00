using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Core;

/// <summary>
/// Watches what comes of attempts: says when an endpoint is failing, when it has recovered, and disables
/// one from which nothing but failures came for too long. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// A success starts everything anew. A failure is an attempt that delivered nothing, save where the
/// receiver was there and said what it wants: later (429, or 503 with Retry-After), never this one, never
/// again (410). Those neither count nor start anything anew.
/// </para>
/// <para>
/// Failures are counted in memory, and forgotten with the process; what they amount to, since when an
/// endpoint is failing, is stored. Of an endpoint that is not failing a success costs a look at one number.
/// </para>
/// </remarks>
public sealed class EndpointHealth(
    ITenantStore store,
    TenantDirectory directory,
    EndpointAdministration endpoints,
    OperationalEvents events,
    EndpointHealthOptions options,
    ILogger<EndpointHealth> logger
)
{
    private readonly ConcurrentDictionary<EndpointKey, FailureStreak> _streaks = new();
    private int _counted;

    /// <summary>Takes note of an outcome, in memory. Null: nothing follows from it.</summary>
    /// <param name="endpoint">The endpoint as it was attempted.</param>
    /// <param name="attempt">The attempt.</param>
    public HealthDecision? Note(Endpoint endpoint, Attempt attempt)
    {
        var reason = attempt.Outcome.Reason;
        if (reason == ReasonCode.Delivered)
        {
            return endpoint.FailingSince is null && Volatile.Read(ref _counted) == 0
                ? null
                : NoteSuccess(endpoint);
        }

        return IsFailure(reason) ? NoteFailure(endpoint, attempt.StartedAt) : null;
    }

    /// <summary>Stores what a decision means, then tells the tenant.</summary>
    /// <param name="endpoint">The endpoint as it was attempted.</param>
    /// <param name="attempt">The attempt that decided it.</param>
    /// <param name="decision">What <see cref="Note"/> said.</param>
    /// <param name="persistence">Carries store calls through an outage of the store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask CarryOutAsync(
        Endpoint endpoint,
        Attempt attempt,
        HealthDecision decision,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        switch (decision)
        {
            case HealthDecision.Failing failing:
                await BeginAsync(endpoint, attempt, failing, persistence, cancellationToken);
                break;
            case HealthDecision.Recovered recovered:
                await EndAsync(endpoint, recovered.Since, persistence, cancellationToken);
                break;
            default:
                await DisableAsync(endpoint, persistence, cancellationToken);
                break;
        }
    }

    private static bool IsFailure(ReasonCode reason) =>
        reason is not (ReasonCode.Throttled or ReasonCode.Aborted or ReasonCode.EndpointGone);

    private HealthDecision.Recovered? NoteSuccess(Endpoint endpoint)
    {
        var ended = Forget(endpoint.Key)?.End();
        return (endpoint.FailingSince ?? ended) is { } since
            ? new HealthDecision.Recovered(since)
            : null;
    }

    private HealthDecision? NoteFailure(Endpoint endpoint, DateTimeOffset at)
    {
        if (endpoint.FailingSince is { } failingSince)
        {
            // From here on what is stored decides, and counts for every process.
            Forget(endpoint.Key);
            return options.DisableAfter > TimeSpan.Zero && at - failingSince >= options.DisableAfter
                ? new HealthDecision.Disable()
                : null;
        }

        var streak = StreakOf(endpoint.Key);

        // As stores keep times, so that what is read is what was written.
        var whole = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        return streak.Add(endpoint.Version, whole, options) is { } since
            ? new HealthDecision.Failing(since, streak)
            : null;
    }

    private FailureStreak StreakOf(EndpointKey key)
    {
        while (true)
        {
            if (_streaks.TryGetValue(key, out var known))
            {
                return known;
            }

            if (Volatile.Read(ref _counted) >= options.StreaksMax)
            {
                foreach (var (each, _) in _streaks)
                {
                    Forget(each);
                }
            }

            var streak = new FailureStreak();
            if (_streaks.TryAdd(key, streak))
            {
                Interlocked.Increment(ref _counted);
                return streak;
            }
        }
    }

    private FailureStreak? Forget(EndpointKey key)
    {
        if (!_streaks.TryRemove(key, out var streak))
        {
            return null;
        }

        Interlocked.Decrement(ref _counted);
        return streak;
    }

    private async ValueTask BeginAsync(
        Endpoint endpoint,
        Attempt attempt,
        HealthDecision.Failing failing,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        if (await SetAsync(endpoint.Key, null, failing.Since, persistence, cancellationToken))
        {
            Log("failing", endpoint.Key, failing.Since);
            await events.FailingAsync(endpoint, failing.Since, attempt, cancellationToken);

            // A success came while that was being stored, and found nothing to clear.
            if (failing.Streak.HasEnded)
            {
                await EndAsync(endpoint, failing.Since, persistence, cancellationToken);
            }
        }
    }

    private async ValueTask EndAsync(
        Endpoint endpoint,
        DateTimeOffset since,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        if (await SetAsync(endpoint.Key, since, null, persistence, cancellationToken))
        {
            Log("recovered", endpoint.Key, since);
            await events.RecoveredAsync(endpoint, since, cancellationToken);
        }
    }

    /// <summary>The announcement is owed from here on, and paid by the sweeper.</summary>
    private async ValueTask DisableAsync(
        Endpoint endpoint,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        var result = await persistence.InsistAsync(
            endpoint.Key.TenantId,
            (Endpoints: endpoints, Endpoint: endpoint),
            static (state, token) =>
                state.Endpoints.DisableAsync(state.Endpoint, ReasonCode.Failing, token),
            cancellationToken
        );
        if (result is EndpointResult.Done { Endpoint: { Disabled: true, FailingSince: { } since } })
        {
            Log("disabled", endpoint.Key, since);
        }
    }

    /// <summary>
    /// What this process knows of the tenant is old news afterwards, whichever way it went: another
    /// process may have been first.
    /// </summary>
    private async ValueTask<bool> SetAsync(
        EndpointKey key,
        DateTimeOffset? from,
        DateTimeOffset? to,
        StorePersistence persistence,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await persistence.InsistAsync(
                key.TenantId,
                (Store: store, Key: key, From: from, To: to),
                static (state, token) =>
                    state.Store.SetFailingSinceAsync(state.Key, state.From, state.To, token),
                cancellationToken
            );
        }
        finally
        {
            directory.Forget(key.TenantId);
        }
    }

    private void Log(string change, EndpointKey key, DateTimeOffset since) =>
        HealthLog.Changed(logger, change, key.TenantId.Value, key.EndpointId.ToString(), since);
}
