namespace WebhookDelivery.Benchmarks;

/// <summary>
/// What became of the posts of a tenant that offers less than its part: they are not to wait for the
/// flood beside them.
/// </summary>
/// <param name="Samples">All its posts.</param>
/// <param name="From">Posts that were due from then on count, in ticks of the stopwatch.</param>
/// <param name="To">And those due before.</param>
internal sealed record ShareOffer(IReadOnlyList<PacedSample> Samples, long From, long To)
{
    private const double TimelyMilliseconds = 1000;

    /// <summary>Stands for an event that has not been received when its server stops.</summary>
    private const double NeverMilliseconds = 60_000;

    /// <summary>The pair, with the part of the events that was received in time as its figure.</summary>
    /// <param name="pair">Throughputs, as for a tenant with a backlog.</param>
    /// <param name="receipts">When each event was received first; those that were not are missing.</param>
    public RatioPair Judge(RatioPair pair, Dictionary<string, long> receipts)
    {
        var posts = Samples
            .Where(sample => sample.Due >= From && sample.Due < To && sample.IsAccepted)
            .ToList();
        var accepted = posts.ConvertAll(post =>
            MonotonicClock.Milliseconds(post.Due, post.Answered)
        );
        var received = posts.ConvertAll(post =>
            receipts.TryGetValue(post.EventId!, out var at)
                ? MonotonicClock.Milliseconds(post.Answered, at)
                : NeverMilliseconds
        );
        return pair with
        {
            Ratio = received.Count(each => each <= TimelyMilliseconds) / (double)received.Count,
            Notes = new Dictionary<string, double>(pair.Notes, StringComparer.Ordinal)
            {
                ["p50 ms to its 201"] = Percentile.Of(accepted, 0.5),
                ["p99 ms to its 201"] = Percentile.Of(accepted, 0.99),
                ["p50 ms from there to receipt"] = Percentile.Of(received, 0.5),
                ["p99 ms from there to receipt"] = Percentile.Of(received, 0.99),
            },
        };
    }
}
