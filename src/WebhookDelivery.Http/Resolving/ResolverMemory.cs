using System.Net;

namespace WebhookDelivery.Http;

/// <summary>
/// What the resolver remembers of names and zones, within <see cref="ResolverLimits.RememberedMax"/>
/// each. Not thread-safe.
/// </summary>
internal sealed class ResolverMemory(ResolverLimits limits, TimeProvider timeProvider)
{
    private readonly BoundedMap<NameRecord> _names = new(limits.RememberedMax);
    private readonly BoundedMap<long> _slowZones = new(limits.RememberedMax);

    /// <summary>The name's answer while it is fresh; null if it has to be asked.</summary>
    public IReadOnlyList<IPAddress>? Recall(string host) =>
        _names.TryGet(host, out var record)
        && timeProvider.GetElapsedTime(record.AnsweredTimestamp) < record.Lifetime
            ? record.Addresses
            : null;

    /// <summary>Whether the name had addresses quickly when it was last asked.</summary>
    public bool IsProven(string host) => _names.TryGet(host, out var record) && record.IsProven;

    /// <summary>Whether a name of the zone was slow not long ago.</summary>
    public bool IsSlow(string zone) =>
        _slowZones.TryGet(zone, out var since)
        && timeProvider.GetElapsedTime(since) < limits.SlowZoneLifetime;

    /// <summary>Whether the lookup has had its thread for too long.</summary>
    public bool IsSlow(Lookup lookup) =>
        lookup.Lane is not null
        && timeProvider.GetElapsedTime(lookup.StartedTimestamp) >= limits.SlowAfter;

    /// <summary>
    /// Learns from a finished lookup. A quick answer without addresses is not kept: whoever has just
    /// entered the name in DNS must not wait for us.
    /// </summary>
    public void Note(Lookup lookup, IReadOnlyList<IPAddress> addresses)
    {
        var now = timeProvider.GetTimestamp();
        var slow = IsSlow(lookup);
        if (slow)
        {
            _slowZones.Set(lookup.Zone, now);
        }
        else if (addresses.Count > 0)
        {
            _slowZones.Remove(lookup.Zone);
        }

        if (slow || addresses.Count > 0)
        {
            var lifetime = addresses.Count > 0 ? limits.AnswerLifetime : limits.SlowAnswerLifetime;
            _names.Set(lookup.Host, new(addresses, now, lifetime, IsProven: !slow));
        }
        else
        {
            _names.Remove(lookup.Host);
        }
    }

    private readonly record struct NameRecord(
        IReadOnlyList<IPAddress> Addresses,
        long AnsweredTimestamp,
        TimeSpan Lifetime,
        bool IsProven
    );
}
