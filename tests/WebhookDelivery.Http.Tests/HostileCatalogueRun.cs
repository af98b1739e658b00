using System.Collections.Concurrent;
using System.Diagnostics;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>
/// All receivers of the catalogue at once, a few attempts at each one after another, through one
/// sender.
/// </summary>
public sealed class HostileCatalogueRun : IDisposable
{
    /// <summary>Enough for what happens from one attempt to the next on a kept connection.</summary>
    private const int AttemptsEach = 4;

    /// <summary>As many receivers at once as two processors serve without a queue.</summary>
    private const int Lanes = 4;

    private readonly SenderRig _rig = new(trustedRoots: [TlsReceivers.Root]);
    private readonly Lazy<Task<IReadOnlyDictionary<string, Result>>> _results;

    public HostileCatalogueRun() => _results = new(RunAsync);

    /// <summary>The attempts' deadline.</summary>
    public TimeSpan Deadline { get; } = TimeSpan.FromSeconds(3);

    /// <summary>What came of the attempts at each receiver, by its name.</summary>
    public Task<IReadOnlyDictionary<string, Result>> ResultsAsync() => _results.Value;

    public void Dispose() => _rig.Dispose();

    private async Task<IReadOnlyDictionary<string, Result>> RunAsync()
    {
        // What is compiled at first use is no receiver's doing.
        foreach (var name in new[] { "no reason phrase", "TLS cut off after a 2xx head" })
        {
            var receiver = HostileReceivers.Named(name);
            await using var running = receiver.Start(Deadline);
            await _rig.AttemptAsync(receiver.UrlOf(running));
        }

        var results = new ConcurrentDictionary<string, Result>(StringComparer.Ordinal);
        var quick = new ConcurrentQueue<HostileReceiver>(
            HostileReceivers.All.Where(receiver => receiver.Ends == AttemptEnd.AtOnce)
        );
        await Task.WhenAll([
            .. HostileReceivers
                .All.Where(receiver => receiver.Ends != AttemptEnd.AtOnce)
                .Select(async receiver =>
                    results[receiver.Name] = await AttemptAsync(receiver, attempts: 1)
                ),
            .. Enumerable
                .Range(0, Lanes)
                .Select(async _ =>
                {
                    while (quick.TryDequeue(out var receiver))
                    {
                        results[receiver.Name] = await AttemptAsync(receiver, AttemptsEach);
                    }
                }),
        ]);
        return results;
    }

    private async Task<Result> AttemptAsync(HostileReceiver receiver, int attempts)
    {
        await using var running = receiver.Start(Deadline);
        var endpoint = SenderRig.Endpoint(running.Port);
        var outcomes = new List<TimedOutcome>();
        for (var i = 0; i < attempts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var outcome = await _rig.AttemptAsync(
                SenderRig.Request(
                    receiver.UrlOf(running),
                    endpoint,
                    new byte[Math.Max(receiver.PayloadBytes, 100)],
                    Deadline
                )
            );
            outcomes.Add(
                new(new(outcome.Reason, outcome.StatusCode), Stopwatch.GetElapsedTime(start))
            );
            // What a receiver does to an idle connection takes it a moment.
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return new(outcomes, running.RequestCount);
    }

    /// <summary>What came of the attempts at one receiver.</summary>
    /// <param name="Attempts">In order.</param>
    /// <param name="RequestsRead">How many whole requests the receiver has read.</param>
    public sealed record Result(IReadOnlyList<TimedOutcome> Attempts, int RequestsRead);

    /// <summary>What came of one attempt.</summary>
    /// <param name="Outcome">The outcome.</param>
    /// <param name="Took">From its start until the sender was done with it, the body included.</param>
    public sealed record TimedOutcome(HostileOutcome Outcome, TimeSpan Took);
}
