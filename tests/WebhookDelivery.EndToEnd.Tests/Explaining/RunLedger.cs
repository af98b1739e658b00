using System.Collections.Concurrent;
using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// What must have become of every event of a run: from what endpoints were when it was posted, what their
/// receivers answered, and what was done to them since. It asks the server for nothing but what it judges.
/// </summary>
internal sealed class RunLedger(
    TenantUser tenant,
    RunReceiver receiver,
    ManualTimeProvider clock,
    IReadOnlyList<RunEndpoint> endpoints,
    bool knowsWhatHolds,
    Func<Task<IReadOnlySet<string>>> findResuming
)
{
    /// <summary>Attempts of a generation: one, and the retries of the run's schedule.</summary>
    private const int AttemptsMax = 3;

    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    /// <summary>The verdicts that came up.</summary>
    public IEnumerable<string> Seen => _seen.Keys;

    /// <summary>Compares explain with the ledger, of every event, once what is under way has ended.</summary>
    public Task CompareAsync(IReadOnlyList<RunEvent> events, int seed) =>
        Parallel.ForEachAsync(
            events,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (posted, _) =>
                await Eventually.IsAsync(
                    $"seed {seed}, {posted.Id}: ",
                    async () => $"seed {seed}, {posted.Id}: {await FindFaultAsync(posted)}"
                )
        );

    /// <summary>Where explain, the event and the ledger differ; null if they do not.</summary>
    private async Task<string?> FindFaultAsync(RunEvent posted)
    {
        var resuming = await findResuming();
        var explained = await ExplanationView.AllAsync(tenant, posted.Id);
        var deliveries = (await tenant.EventAsync(posted.Id))
            .GetProperty("deliveries")
            .EnumerateArray()
            .ToDictionary(each => each.GetProperty("endpoint_id").GetString()!);
        if (!explained.Keys.ToHashSet().SetEquals(endpoints.Select(each => each.Ref.Id)))
        {
            return $"{explained.Count} of {endpoints.Count} endpoints are accounted for";
        }

        foreach (var endpoint in endpoints)
        {
            var said = explained[endpoint.Ref.Id];
            JsonElement? delivery = deliveries.TryGetValue(said.EndpointId, out var found)
                ? found
                : null;
            if (FindFault(posted, endpoint, said, delivery, resuming) is { } fault)
            {
                return $"{endpoint.Url.AbsolutePath} (version {endpoint.Version}), {said.Verdict}, {said.Reason}, {said.Status}, '{said.Detail}': {fault}";
            }

            _seen.TryAdd(said.Verdict, true);
        }

        return null;
    }

    private string? FindFault(
        RunEvent posted,
        RunEndpoint endpoint,
        ExplanationView said,
        JsonElement? delivery,
        IReadOnlySet<string> resuming
    )
    {
        var isThere = posted.Routing.TryGetValue(said.EndpointId, out var then);
        var refusal = isThere ? then.Refusal : "created_later";
        int? version = isThere ? then.Version : null;
        if (said.EndpointVersion != version)
        {
            return $"version {version} was in force, not {said.EndpointVersion}";
        }

        if (refusal is not null)
        {
            return delivery is not null ? $"it has a delivery, but was {refusal}"
                : said.Verdict != refusal ? $"it was {refusal}"
                : null;
        }

        if (delivery is not { } shown)
        {
            return "it was routed, but has no delivery";
        }

        return FindDifference(said, shown)
            ?? FindFault(posted, endpoint, said, resuming.Contains(said.EndpointId));
    }

    /// <summary>What explain and the event say of the same delivery.</summary>
    private static string? FindDifference(ExplanationView said, JsonElement shown)
    {
        string[] members =
        [
            "status",
            "attempts",
            "next_attempt_at",
            "last_attempt_at",
            "last_status_code",
            "last_reason",
        ];
        var different = members.FirstOrDefault(member =>
            said.Delivery.GetProperty(member).GetRawText() != shown.GetProperty(member).GetRawText()
        );
        return different is null && said.Url == shown.GetProperty("url").GetString()
            ? null
            : $"the event says another {different ?? "url"}";
    }

    private string? FindFault(
        RunEvent posted,
        RunEndpoint endpoint,
        ExplanationView said,
        bool isResuming
    )
    {
        var all = receiver.Given(endpoint.Url, posted.Id);
        var given = all.Skip(posted.StartedAfter.GetValueOrDefault(said.EndpointId)).ToList();

        // One that was under way when its endpoint was deleted may have come too late to count.
        var counts = endpoint.IsDeleted ? said.Attempts <= all.Count : said.Attempts == all.Count;
        var allowed = Allowed(endpoint, given, said.NextAttemptAt, isResuming);
        return !counts ? $"{all.Count} attempts came in"
            : !allowed.Contains(said.Verdict)
                ? $"{string.Join(" or ", allowed)} after {string.Join(' ', given.Prepend(0))}"
            : null;
    }

    /// <summary>What explain may say of a delivery, by what its receiver has answered since its start.</summary>
    private string[] Allowed(
        RunEndpoint endpoint,
        List<int> given,
        DateTimeOffset? next,
        bool isResuming
    )
    {
        if (given.Contains(200))
        {
            return endpoint.IsDeleted ? ["sent", "cancelled"] : ["sent"];
        }

        if (given.Contains(410) || given.Count == AttemptsMax)
        {
            return endpoint.IsDeleted ? ["dead_lettered", "cancelled"] : ["dead_lettered"];
        }

        if (endpoint.IsDeleted)
        {
            return ["cancelled"];
        }

        if (next is null)
        {
            // A backlog is resumed at a pace.
            return endpoint.IsDisabled || isResuming ? ["parked"] : [];
        }

        return next <= clock.GetUtcNow() ? Held(endpoint, given)
            : given.Count > 0 ? ["retrying"]
            : ["waiting"];
    }

    /// <summary>What is due and was not attempted must be held by something.</summary>
    private string[] Held(RunEndpoint endpoint, List<int> given)
    {
        var fails = receiver.Gave(endpoint.Url, 500, 429);
        var open = given.Count == 0 ? "waiting" : "retrying";
        List<string> allowed =
        [
            .. endpoint.IsLimited ? ["limited"] : Array.Empty<string>(),
            .. fails ? ["blocked"] : Array.Empty<string>(),
        ];

        // What was held when its endpoint was disabled is parked once it is let go.
        return knowsWhatHolds && !endpoint.IsDisabled ? [.. allowed] : [.. allowed, open];
    }
}
