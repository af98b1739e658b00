using System.Text;
using WebhookDelivery.Core;
using EventId = WebhookDelivery.Core.EventId;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// What really happened, seen from outside: what was posted and answered, what receivers got. What
/// must never happen is noticed here as it happens.
/// </summary>
internal sealed class Journal(Trace trace, SeededScheduler scheduler)
{
    private readonly List<string> _violations = [];
    private readonly Dictionary<string, Post> _posts = new(StringComparer.Ordinal);
    private readonly Dictionary<EventId, Post> _events = [];
    private readonly Dictionary<DeliveryKey, List<Exchange>> _exchanges = [];
    private readonly HashSet<(DeliveryKey, int, int)> _handedOut = [];
    private readonly HashSet<(DeliveryKey, int)> _handedOutAgain = [];
    private readonly Dictionary<(DeliveryKey, int), TimeSpan> _restarts = [];
    private readonly Dictionary<DeliveryKey, int> _cancelled = [];
    private readonly Dictionary<DeliveryKey, List<(int Through, TimeSpan Since)>> _over = [];
    private readonly Dictionary<EndpointKey, List<Endpoint>> _versions = [];
    private readonly Dictionary<EndpointKey, (Endpoint Endpoint, TimeSpan Since)> _endpoints = [];

    public Trace Trace => trace;

    public IReadOnlyList<string> Violations => _violations;

    public IEnumerable<Post> Posts => _posts.Values;

    public IEnumerable<Exchange> Exchanges => _exchanges.Values.SelectMany(each => each);

    /// <summary>Looks at each exchange as it begins.</summary>
    public Action<Exchange>? Beginning { get; set; }

    /// <summary>Whether a tenant has an event of that id that the platform itself made.</summary>
    public Func<TenantId, EventId, bool>? IsNews { get; set; }

    public void Violate(string what)
    {
        trace.Say($"VIOLATION {what}");
        if (_violations.Count < 5)
        {
            _violations.Add($"{scheduler.Elapsed}: {what}");
        }
    }

    public Post NewPost(TenantId tenant, string? key, string? type)
    {
        var post = new Post(_posts.Count, tenant, key, type);
        _posts.Add(Encoding.UTF8.GetString(post.Body), post);
        return post;
    }

    /// <summary>An answer of success.</summary>
    public void Answered(Post post, EventId eventId, IReadOnlyList<EndpointId> endpoints)
    {
        trace.Add("answered", (ulong)post.Number);
        trace.Say($"{scheduler.Elapsed} post {post.Number} is event {eventId}");
        Identify(eventId, post);
        if (post.Answers.Count == 0)
        {
            post.AnsweredAt = scheduler.Elapsed;
        }

        post.Answers.Add((eventId, endpoints));
    }

    /// <summary>An endpoint as it is committed from now on.</summary>
    public void Committed(Endpoint endpoint)
    {
        if (!_versions.TryGetValue(endpoint.Key, out var versions))
        {
            versions = [];
            _versions.Add(endpoint.Key, versions);
        }

        versions.Add(endpoint);
        var before = _endpoints.GetValueOrDefault(endpoint.Key);
        if (
            before.Endpoint is null
            || before.Endpoint.Disabled != endpoint.Disabled
            || before.Endpoint.DeletedAt != endpoint.DeletedAt
        )
        {
            _endpoints[endpoint.Key] = (endpoint, scheduler.Elapsed);
        }
    }

    /// <summary>The highest cap that an endpoint has had: a change takes a while to be known.</summary>
    public int MostInFlight(EndpointKey key, DeliveryOptions options) =>
        _versions[key].Max(each => EndpointLimits.Of(each, options).MaxInFlight);

    /// <summary>The highest rate that an endpoint has had; null if there was a time without.</summary>
    public double? HighestRate(EndpointKey key) =>
        _versions[key].Exists(each => each.RateLimitPerSecond is null)
            ? null
            : _versions[key].Max(each => each.RateLimitPerSecond);

    /// <summary>Whether an endpoint has ever been disabled or deleted.</summary>
    public bool WasSwitchedOff(EndpointKey key) =>
        _versions[key].Exists(each => each.Disabled || each.DeletedAt is not null);

    /// <summary>An endpoint, and since when it has been live, disabled or deleted.</summary>
    public (Endpoint Endpoint, TimeSpan Since)? Find(EndpointKey key) =>
        _endpoints.TryGetValue(key, out var found) ? found : null;

    /// <summary>A delivery starts anew, or is added, to be attempted after a wait.</summary>
    public void Restarted(DeliveryKey key, int generation, TimeSpan wait) =>
        _restarts[(key, generation)] = scheduler.Elapsed + wait;

    /// <summary>A delivery is cancelled in some generation.</summary>
    public void Cancelled(DeliveryKey key, int generation) => _cancelled[key] = generation;

    /// <summary>Whoever cancelled a delivery has been told that it is done.</summary>
    public void AnsweredCancelled(DeliveryKey key) => SetOver(key, _cancelled[key]);

    /// <summary>Whoever started a delivery anew has been told that it is done.</summary>
    public void AnsweredRestarted(DeliveryKey key) =>
        SetOver(key, _restarts.Keys.Where(each => each.Item1 == key).Max(each => each.Item2) - 1);

    /// <summary>Since when a generation should be attempted no more; null if nobody was told so.</summary>
    public TimeSpan? OverSince(DeliveryKey key, int generation) =>
        _over
            .GetValueOrDefault(key)
            ?.Where(each => each.Through >= generation)
            .Min(each => (TimeSpan?)each.Since);

    /// <summary>When generations that were started, or added, were due.</summary>
    public IReadOnlyDictionary<(DeliveryKey Key, int Generation), TimeSpan> Restarts => _restarts;

    public void HandedOut(ClaimedDelivery claim)
    {
        var due = claim.Due;
        trace.Add("handed-out", (ulong)due.Key.EventId.Value.GetHashCode());
        if (!_handedOut.Add((due.Key, due.Generation, due.Attempt)))
        {
            _handedOutAgain.Add((due.Key, due.Generation));
        }
    }

    /// <summary>Whether the queue gave some attempt of this generation more than once.</summary>
    public bool WasHandedOutAgain(DeliveryKey key, int generation) =>
        _handedOutAgain.Contains((key, generation));

    public IReadOnlyList<Exchange> ExchangesOf(DeliveryKey key) =>
        _exchanges.TryGetValue(key, out var found) ? found : [];

    public Exchange Begin(Host host, WebhookRequest request, DateTimeOffset now)
    {
        var number = int.Parse(Header(request, "webhook-attempt"));
        if (!EventId.TryParse(Header(request, "webhook-id"), out var eventId))
        {
            Violate("A request has an id that is none.");
        }

        var key = new DeliveryKey(request.Endpoint.TenantId, eventId, request.Endpoint.EndpointId);
        var generations = host.Claims.GenerationsOf(key, number);
        var exchange = new Exchange(
            host,
            key,
            number,
            generations.Count == 1 ? generations[0] : null,
            scheduler.Elapsed,
            now
        );
        trace.Add("begin", (ulong)eventId.Value.GetHashCode());
        trace.Say($"{scheduler.Elapsed} {exchange} begins");
        if (generations.Count == 0)
        {
            Violate($"Nobody had claimed {exchange}.");
        }

        Identify(exchange, request.Payload);
        Beginning?.Invoke(exchange);
        if (!_exchanges.TryGetValue(key, out var known))
        {
            known = [];
            _exchanges.Add(key, known);
        }

        known.Add(exchange);
        host.InFlight.Add(exchange);
        return exchange;
    }

    public void End(Exchange exchange, AttemptOutcome outcome)
    {
        trace.Add("end", (ulong)outcome.Reason);
        trace.Say($"{scheduler.Elapsed} {exchange} ends: {outcome.Reason}");
        exchange.Ended = scheduler.Elapsed;
        exchange.Outcome = outcome;
        exchange.Host.InFlight.Remove(exchange);
    }

    public void Cut(Exchange exchange)
    {
        trace.Say($"{scheduler.Elapsed} {exchange} is given up");
        exchange.IsCut = true;
        exchange.Host.InFlight.Remove(exchange);
    }

    /// <summary>What a process reports as not processed need not be recorded.</summary>
    public void CutLast(Host host, DueDelivery due)
    {
        if (
            ExchangesOf(due.Key)
                .LastOrDefault(each => each.Host == host && each.Number == due.Attempt) is
            { } last
        )
        {
            last.IsCut = true;
        }
    }

    /// <summary>What goes out was posted by its tenant, or is the platform's own.</summary>
    private void Identify(Exchange exchange, ReadOnlyMemory<byte> body)
    {
        var key = exchange.Key;
        if (_posts.TryGetValue(Encoding.UTF8.GetString(body.Span), out var post))
        {
            if (post.Tenant != key.TenantId)
            {
                Violate($"The body of {exchange} is {post.Tenant}'s.");
            }
            else
            {
                Identify(key.EventId, post);
            }
        }
        else if (IsNews?.Invoke(key.TenantId, key.EventId) is not true)
        {
            Violate($"Nobody posted the body of {exchange}.");
        }
    }

    /// <summary>An event's body is always the same.</summary>
    private void Identify(EventId eventId, Post post)
    {
        if (!_events.TryAdd(eventId, post) && _events[eventId] != post)
        {
            Violate($"{eventId} is post {_events[eventId].Number} and post {post.Number}.");
        }
    }

    private static string Header(WebhookRequest request, string name) =>
        request.Headers.First(each => each.Key == name).Value;

    private void SetOver(DeliveryKey key, int through)
    {
        if (!_over.TryGetValue(key, out var known))
        {
            known = [];
            _over.Add(key, known);
        }

        known.Add((through, scheduler.Elapsed));
    }
}
