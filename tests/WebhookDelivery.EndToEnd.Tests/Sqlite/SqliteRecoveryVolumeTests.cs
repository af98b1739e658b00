using System.Collections.Concurrent;
using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// An endpoint with a rate limit that was down for a backlog of 20,000. On the embedded engine, as the
/// emulators of the other take no such volume.
/// </summary>
public sealed class SqliteRecoveryVolumeTests : EndToEndTest<SqliteHome>
{
    private const int Backlog = 20_000;
    private const int LimitPerSecond = 1000;

    /// <summary>What a live event may wait while a backlog is drained, by the server's clock.</summary>
    private static readonly TimeSpan s_liveWaitMax = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    /// <summary>When each event came, by the server's clock.</summary>
    private readonly ConcurrentQueue<(string Id, DateTimeOffset At)> _came = new();

    private int _count;

    [Fact]
    public async Task Backlog_of_20000_is_recovered_with_one_call_beside_live_events()
    {
        var receiver = AddReceiver(404);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(
            receiver.Url,
            """ "retry_schedule":[],"max_in_flight":100 """
        );
        var backlog = await PostBacklogAsync(acme);
        await Eventually.IsAsync(0, () => acme.CountEventsAsync("&status=PENDING"));
        receiver.Answer = request =>
        {
            _came.Enqueue((request["webhook-id"]!, Clock.GetUtcNow()));
            Interlocked.Increment(ref _count);
            return Task.FromResult(WireReceiver.Ok);
        };
        (
            await acme.PatchAsync(
                endpoint.Path,
                $$"""{"rate_limit_per_second":{{LimitPerSecond}}}"""
            )
        ).Expect(200);
        Clock.Advance(TimeSpan.FromHours(1));

        var since = Clock.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        var counted = await acme.PostAsync(
            endpoint.Path + "/recover",
            $$"""{"since":"{{since}}","dry_run":true}"""
        );
        Assert.Equal("""{"matched":20000,"complete":true}""", counted.Expect(200).Text);
        Assert.Equal(0, _count);
        var began = await acme.PostAsync(endpoint.Path + "/recover", $$"""{"since":"{{since}}"}""");
        var path = began.Expect(202).Headers["Location"];

        var live = await DrainAsync(acme);

        await Eventually.IsAsync("DONE", async () => (await acme.GetAsync(path))["status"]);
        var ended = (await acme.GetAsync(path)).Json;
        Assert.Equal((Backlog, Backlog), (Number(ended, "matched"), Number(ended, "moved")));
        AssertAllCame(backlog, live);
        AssertPeakIsWithinTheLimit();
    }

    private async Task<HashSet<string>> PostBacklogAsync(TenantUser acme)
    {
        var ids = new ConcurrentQueue<string>();
        var left = Backlog;
        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async _ =>
                {
                    while (Interlocked.Decrement(ref left) >= 0)
                    {
                        ids.Enqueue(await acme.PostEventAsync("""{"type":"order.created"}"""));
                    }
                })
        );
        return [.. ids];
    }

    /// <summary>
    /// Lets time pass in tenths of a second, each once what is due has come, and posts a live event every
    /// two seconds, until all have come. Returns when each live one was posted.
    /// </summary>
    private async Task<Dictionary<string, DateTimeOffset>> DrainAsync(TenantUser acme)
    {
        var live = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        for (var i = 0; Volatile.Read(ref _count) < Backlog + live.Count; i++)
        {
            Assert.True(i < 3000, $"{_count} came in five minutes.");
            if (i % 20 == 10 && _count < Backlog * 9 / 10)
            {
                live.Add(await acme.PostEventAsync("""{"type":"live"}"""), Clock.GetUtcNow());
            }

            await QuietAsync();
            Clock.Advance(s_step);
        }

        return live;
    }

    /// <summary>Waits until nothing comes any more, for a few looks.</summary>
    private async Task QuietAsync()
    {
        var seen = -1;
        for (var quiet = 0; quiet < 6; )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(4));
            var count = Volatile.Read(ref _count);
            quiet = count == seen ? quiet + 1 : 0;
            seen = count;
        }
    }

    private void AssertAllCame(HashSet<string> backlog, Dictionary<string, DateTimeOffset> live)
    {
        var at = _came
            .GroupBy(each => each.Id, StringComparer.Ordinal)
            .ToDictionary(
                each => each.Key,
                each => each.Min(one => one.At),
                StringComparer.Ordinal
            );
        Assert.Equal(Backlog + live.Count, at.Count);
        Assert.True(backlog.All(at.ContainsKey));
        Assert.InRange(live.Count, 5, 100);
        var last = backlog.Max(id => at[id]);
        Assert.All(
            live,
            each =>
            {
                Assert.InRange(at[each.Key] - each.Value, TimeSpan.Zero, s_liveWaitMax);
                Assert.True(at[each.Key] < last);
            }
        );
    }

    private void AssertPeakIsWithinTheLimit()
    {
        var times = _came.Select(each => each.At).Order().ToArray();
        var first = 0;
        var peak = 0;
        for (var i = 0; i < times.Length; i++)
        {
            while (times[i] - times[first] >= TimeSpan.FromSeconds(1))
            {
                first++;
            }

            peak = Math.Max(peak, i - first + 1);
        }

        // It got faster than the ten a second that it begins with, and never faster than the limit.
        Assert.InRange(peak, LimitPerSecond / 10, LimitPerSecond);
    }

    private static int Number(JsonElement json, string member) =>
        json.GetProperty(member).GetInt32();
}
