using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>
/// The breakers of the endpoints in use, at most a given number: those longest idle are forgotten,
/// closed ones first. What is lost is at most one endpoint's last samples. Thread-safe.
/// </summary>
internal sealed class EndpointBreakers(
    HttpSenderOptions options,
    TimeProvider timeProvider,
    ILogger logger
)
{
    private readonly SteadyTime _time = new(timeProvider);
    private readonly ConcurrentDictionary<EndpointKey, EndpointBreaker> _breakers = new();
    private readonly Lock _trimming = new();
    private int _count;

    /// <summary>How many are kept now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The endpoint's breaker if it has one.</summary>
    public EndpointBreaker? Find(EndpointKey endpoint) =>
        _breakers.TryGetValue(endpoint, out var breaker) ? breaker : null;

    /// <summary>The endpoint's breaker, made if need be.</summary>
    public EndpointBreaker Of(EndpointKey endpoint)
    {
        if (!_breakers.TryGetValue(endpoint, out var breaker))
        {
            breaker = Add(endpoint);
        }

        breaker.Touch();
        return breaker;
    }

    private EndpointBreaker Add(EndpointKey endpoint)
    {
        if (Count >= options.BreakersMax)
        {
            Trim();
        }

        var made = new EndpointBreaker(options, _time, new BreakerLog(logger, endpoint));
        made.Touch();
        var kept = _breakers.GetOrAdd(endpoint, made);
        if (ReferenceEquals(kept, made))
        {
            Interlocked.Increment(ref _count);
        }

        return kept;
    }

    /// <summary>Forgets a quarter, so that the sort is paid once in many additions.</summary>
    private void Trim()
    {
        lock (_trimming)
        {
            if (Count < options.BreakersMax)
            {
                return;
            }

            var idlest = _breakers
                .OrderBy(entry => entry.Value.IsOpen)
                .ThenBy(entry => entry.Value.LastUsedTicks)
                .Take(options.BreakersMax / 4);
            foreach (var entry in idlest)
            {
                if (_breakers.TryRemove(entry))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }
    }
}
