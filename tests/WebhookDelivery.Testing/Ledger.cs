using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace WebhookDelivery.Testing;

/// <summary>
/// The books of a run: what was posted, what was answered 201, what came in where. An event is known
/// by its marker, a text that its payload contains and no other does. Thread-safe.
/// </summary>
public sealed class Ledger
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _faults = new();
    private int _accepted;
    private int _received;

    /// <summary>Events posted, whether answered or not.</summary>
    public int Posted => _entries.Count;

    /// <summary>Events answered 201.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>The ids of events answered 201 by now.</summary>
    public IReadOnlyList<string> AcceptedIds =>
        [.. _entries.Values.Select(entry => entry.EventId).OfType<string>()];

    /// <summary>Requests that receivers got.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Requests beyond the first that was answered 2xx, per event and endpoint.</summary>
    public int Duplicates =>
        _entries.Values.Sum(entry => entry.Deliveries.Values.Sum(count => Math.Max(0, count - 1)));

    /// <summary>The ids of events of which some endpoint got a duplicate.</summary>
    public IReadOnlyList<string> DuplicateIds =>
        [
            .. _entries
                .Values.Where(entry => entry.Deliveries.Values.Any(count => count > 1))
                .Select(entry => entry.WebhookId!),
        ];

    /// <summary>Events that came although their post was never answered 201.</summary>
    public int Unanswered =>
        _entries.Values.Count(entry => entry.EventId is null && entry.WebhookId is not null);

    /// <summary>Accepted events that an endpoint lacks, per endpoint.</summary>
    public int Lost =>
        _entries.Values.Sum(entry =>
        {
            lock (entry)
            {
                return entry.EventId is null ? 0 : entry.Missing.Count();
            }
        });

    /// <summary>What came as it must not: never posted, elsewhere, changed, or under another id.</summary>
    public int Unexpected => _faults.Count;

    /// <summary>Books an event before it is posted.</summary>
    /// <param name="marker">What tells it from all others.</param>
    /// <param name="payload">Its bytes.</param>
    /// <param name="endpoints">Names of the endpoints that it must reach; it may reach no other.</param>
    public void Post(string marker, byte[] payload, IReadOnlyCollection<string> endpoints) =>
        _entries.TryAdd(marker, new Entry(SHA256.HashData(payload), endpoints));

    /// <summary>Books a 201.</summary>
    public void Accept(string marker, string eventId)
    {
        var entry = _entries[marker];
        lock (entry)
        {
            if (entry.EventId is { } before && before != eventId)
            {
                Fault(marker, $"was answered with both {before} and {eventId}");
            }

            if (entry.EventId is null)
            {
                Interlocked.Increment(ref _accepted);
            }

            entry.EventId = eventId;
        }
    }

    /// <summary>Books a request that a receiver got.</summary>
    /// <param name="endpoint">The endpoint's name.</param>
    /// <param name="marker">The payload's marker; null if it has none.</param>
    /// <param name="webhookId">The header.</param>
    /// <param name="payload">The body.</param>
    /// <param name="answered2xx">Whether the receiver took it.</param>
    public void Receive(
        string endpoint,
        string? marker,
        string webhookId,
        ReadOnlySpan<byte> payload,
        bool answered2xx
    )
    {
        Interlocked.Increment(ref _received);
        if (marker is null || !_entries.TryGetValue(marker, out var entry))
        {
            Fault(marker ?? webhookId, "came but was never posted");
            return;
        }

        lock (entry)
        {
            entry.WebhookId ??= webhookId;
            Expect(marker, entry.WebhookId == webhookId, "came under two webhook-ids");
            Expect(marker, entry.Endpoints.Contains(endpoint), $"came to {endpoint}, not its own");
            Expect(marker, entry.Has(payload), "came with other bytes");
            if (answered2xx)
            {
                entry.Deliveries[endpoint] = entry.Deliveries.GetValueOrDefault(endpoint) + 1;
            }
        }
    }

    /// <summary>Books something that came as it must not.</summary>
    public void Refuse(string marker, string what) => Fault(marker, what);

    /// <summary>
    /// What does not balance: accepted events that an endpoint lacks, and whatever came as it must
    /// not. Empty when all is well.
    /// </summary>
    public IReadOnlyList<string> Imbalance()
    {
        var faults = new List<string>(_faults);
        foreach (var (marker, entry) in _entries)
        {
            lock (entry)
            {
                if (entry.EventId is not { } eventId)
                {
                    continue;
                }

                if (entry.WebhookId is { } webhookId && webhookId != eventId)
                {
                    faults.Add($"{marker} is {eventId}, but came as {webhookId}");
                }

                faults.AddRange(
                    entry.Missing.Select(endpoint =>
                        $"{marker} ({eventId}) did not reach {endpoint}"
                    )
                );
            }
        }

        return faults;
    }

    private void Expect(string marker, bool held, string fault)
    {
        if (!held)
        {
            Fault(marker, fault);
        }
    }

    private void Fault(string marker, string what) => _faults.Enqueue($"{marker} {what}");

    /// <summary>Of a payload it keeps the hash: a long run posts more than memory should hold.</summary>
    private sealed class Entry(byte[] hash, IReadOnlyCollection<string> endpoints)
    {
        public IReadOnlyCollection<string> Endpoints { get; } = endpoints;

        public Dictionary<string, int> Deliveries { get; } = new(StringComparer.Ordinal);

        /// <summary>The endpoints that did not take it yet.</summary>
        public IEnumerable<string> Missing =>
            Endpoints.Where(endpoint => !Deliveries.ContainsKey(endpoint));

        public string? EventId { get; set; }

        public string? WebhookId { get; set; }

        public bool Has(ReadOnlySpan<byte> payload)
        {
            Span<byte> found = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(payload, found);
            return found.SequenceEqual(hash);
        }
    }
}
