using System.Diagnostics;
using System.Globalization;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>
/// Responses with random faults, from a seed. <c>WEBHOOK_FUZZ_RESPONSES</c> sets how many (default
/// 3,000) and <c>WEBHOOK_FUZZ_SEED</c> the first seed (default 1); a failure names its own.
/// </summary>
public sealed class FuzzTests
{
    private const int Lanes = 8;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(2);

    /// <summary>What a loaded machine may add.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Send_MutatedResponses_AlwaysAnOutcomeInTimeAndNeverAForgedDelivery()
    {
        var count = Setting("WEBHOOK_FUZZ_RESPONSES", 3000);
        var first = Setting("WEBHOOK_FUZZ_SEED", 1);
        var next = first - 1;
        var delivered = 0;
        using var rig = new SenderRig();

        await Task.WhenAll(
            Enumerable
                .Range(0, Lanes)
                .Select(async lane =>
                {
                    await using var receiver = new Lane();
                    for (
                        var seed = Interlocked.Increment(ref next);
                        seed < first + count;
                        seed = Interlocked.Increment(ref next)
                    )
                    {
                        var outcome = await AttemptAsync(rig, receiver, lane, seed);
                        if (outcome.Reason == ReasonCode.Delivered)
                        {
                            Interlocked.Increment(ref delivered);
                        }
                    }
                })
        );

        // A fuzz that only ever broke the status line would show nothing of what follows it.
        Assert.InRange(delivered, count / 20, count * 19 / 20);
    }

    private static async Task<AttemptOutcome> AttemptAsync(
        SenderRig rig,
        Lane receiver,
        int lane,
        int seed
    )
    {
        var response = MutatedResponse.Of(seed);
        receiver.Response = response;
        var start = Stopwatch.GetTimestamp();
        try
        {
            var result = await rig.Sender.SendAsync(
                // A new endpoint each time: no breaker opens.
                SenderRig.Request(
                    receiver.Url,
                    SenderRig.Endpoint((lane * 1_000_000) + seed),
                    timeout: s_deadline
                ),
                TestContext.Current.CancellationToken
            );
            var outcome = Assert.IsType<SendResult.Attempted>(result).Outcome;
            Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, s_deadline + s_margin);
            if (outcome.Reason == ReasonCode.Delivered)
            {
                Assert.True(response.MayBeDelivered(outcome.StatusCode), "Nothing said 2xx.");
            }

            return outcome;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"WEBHOOK_FUZZ_SEED={seed}: {Convert.ToHexString(response.Bytes)}",
                failure
            );
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;

    /// <summary>A receiver that sends the response of the moment in pieces, and closes.</summary>
    private sealed class Lane : IAsyncDisposable
    {
        private readonly RawReceiver _receiver;

        public Lane() =>
            _receiver = RawReceiver.Start(async connection =>
            {
                await connection.ReadRequestAsync();
                foreach (var piece in Response.Pieces())
                {
                    await connection.SendAsync(piece);
                }
            });

        public MutatedResponse Response { get; set; } = MutatedResponse.Of(0);

        public Uri Url => _receiver.Url;

        public ValueTask DisposeAsync() => _receiver.DisposeAsync();
    }
}
