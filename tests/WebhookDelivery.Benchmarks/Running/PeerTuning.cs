namespace WebhookDelivery.Benchmarks;

/// <summary>How the peer is run.</summary>
/// <param name="InFlight">Attempts under way at once, each on a connection of its own.</param>
/// <param name="Threads">Threads of its process that share them, each with a worker.</param>
/// <param name="OverSocket">Whether it speaks to Redis over a Unix socket, and not TCP.</param>
internal sealed record PeerTuning(int InFlight, int Threads, bool OverSocket)
{
    /// <summary>Enough jobs for a rate; the search is not to take longer than the pairs.</summary>
    private const int JobsMax = 50_000;

    /// <summary>The better of so many runs counts: noise only ever slows one down.</summary>
    private const int Runs = 2;

    private static readonly int[] s_inFlight = [16, 32, 64, 128, 256];
    private static readonly int[] s_threads = [2, 4];

    /// <summary>How many events the search delivers, and how often it starts the peer.</summary>
    public static (long Events, int Starts) Search(RunSettings settings)
    {
        var threads = s_threads.Count(threads => threads <= Environment.ProcessorCount);
        var starts = Runs * (s_inFlight.Length + 1 + 2 * threads);
        return ((1L + starts) * Math.Min(JobsMax, settings.Backlog), starts);
    }

    /// <summary>
    /// Finds what the peer does best with on this machine: how much in flight on one thread, then
    /// whether a Unix socket is faster, then whether more threads are with as much or with twice that.
    /// </summary>
    /// <param name="settings">Where the peer is.</param>
    /// <param name="sink">Where its jobs go.</param>
    /// <param name="progress">Is told of each try.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static async Task<PeerTuning> FindAsync(
        RunSettings settings,
        Sink sink,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        var jobs = Math.Min(JobsMax, settings.Backlog);
        using var backlog = await PeerBacklog.FillAsync(settings, jobs, cancellationToken);
        (PeerTuning Tuning, double PerSecond) best = (new PeerTuning(0, 0, false), 0);
        best = await BestAsync(s_inFlight.Select(inFlight => new PeerTuning(inFlight, 1, false)));
        best = await BestAsync([best.Tuning with { OverSocket = true }]);
        best = await BestAsync(
            from threads in s_threads
            where threads <= Environment.ProcessorCount
            from more in new[] { 1, 2 }
            select best.Tuning with
            {
                InFlight = best.Tuning.InFlight * more,
                Threads = threads,
            }
        );
        return best.Tuning;

        async Task<(PeerTuning Tuning, double PerSecond)> BestAsync(IEnumerable<PeerTuning> tries)
        {
            var fastest = best;
            foreach (var tuning in tries)
            {
                var perSecond = 0.0;
                for (var i = 0; i < Runs; i++)
                {
                    var drained = await PeerDraining.RunAsync(
                        settings,
                        sink,
                        backlog,
                        tuning,
                        [],
                        cancellationToken
                    );
                    perSecond = Math.Max(perSecond, drained.Figure.PerSecond);
                }

                await progress.WriteLineAsync($"  tried peer {tuning}: {perSecond:0}/s");
                fastest = perSecond > fastest.PerSecond ? (tuning, perSecond) : fastest;
            }

            return fastest;
        }
    }

    public override string ToString() =>
        $"{InFlight} in flight on {Threads} thread{(Threads == 1 ? "" : "s")}"
        + $", Redis over {(OverSocket ? "a Unix socket" : "TCP")}";
}
