using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What the statistics say agrees with what receivers saw, and outlives a server.</summary>
public abstract class StatisticsTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Counts_OfAMixedRun_AgreeWithWhatReceiversSaw()
    {
        var (healthy, shaky, dead) = (AddReceiver(), AddReceiver(500, 503, 200), AddReceiver(500));
        var acme = await AddTenantAsync();
        var globex = await AddTenantAsync("globex");
        var first = await acme.AddEndpointAsync(healthy.Url);
        var second = await acme.AddEndpointAsync(
            shaky.Url,
            """ "retry_schedule":["1m"],"max_in_flight":1 """
        );
        var third = await acme.AddEndpointAsync(dead.Url, """ "retry_schedule":[] """);
        var other = await globex.AddEndpointAsync(AddReceiver().Url);
        var parked = await acme.AddEndpointAsync(healthy.Url, """ "disabled":true """);
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await acme.PostEventAsync());
            await acme.WaitForAsync(ids[^1], third, "DEAD_LETTER");
            await acme.WaitForAsync(ids[^1], parked, "PARKED");
            await acme.WaitForAsync(ids[^1], first, "DELIVERED");
            await acme.WaitForAsync(ids[^1], second, i < 2 ? "FAILED" : "DELIVERED");
        }

        AdvanceTo((await acme.DeliveryAsync(ids[1], second)).NextAttemptAt);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await acme.WaitForAsync(ids[0], second, "DELIVERED");
        await acme.WaitForAsync(ids[1], second, "DELIVERED");
        await globex.WaitForAsync(await globex.PostEventAsync(), "DELIVERED");

        await AssertAttemptsAsync(acme, first.Path, healthy, """{"delivered":4}""");
        await AssertAttemptsAsync(acme, second.Path, shaky, """{"delivered":4,"http_status":2}""");
        await AssertAttemptsAsync(acme, third.Path, dead, """{"http_status":4}""");
        var totals = await TotalsAsync(acme);
        Assert.Equal(
            healthy.Requests.Count + shaky.Requests.Count + dead.Requests.Count,
            Number(totals, "attempts", "total")
        );
        Assert.Equal((4, 16), (Number(totals, "accepted"), Number(totals, "deliveries")));
        Assert.Equal((8, 4), (Number(totals, "delivered"), Number(totals, "dead_lettered")));
        Assert.Equal((4, 0), (Number(totals, "parked"), Number(totals, "cancelled")));
        Assert.Equal(4, Number(await TotalsAsync(acme, parked.Path), "parked"));
        await DeliveredAsync(globex, 1);
        Assert.Equal(1, Number(await TotalsAsync(globex), "accepted"));
        Assert.Equal(1, Number(await TotalsAsync(globex, other.Path), "delivered"));

        // The same when it is stored, and when another server reads it.
        await RestartAsync();
        Assert.Equal(totals.GetRawText(), (await TotalsAsync(acme)).GetRawText());
    }

    [Fact]
    public async Task Latency_OfAReceiverWhoseDelaysAreKnown_IsWithinFivePercent()
    {
        var receiver = AddReceiver();
        receiver.Answer = _ =>
        {
            // The clock stands still but for the receiver: 10, 20 … 200 ms.
            Clock.Advance(TimeSpan.FromMilliseconds(10 * receiver.Requests.Count));
            return Task.FromResult(WireReceiver.Ok);
        };
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "max_in_flight":1 """);
        for (var i = 0; i < 20; i++)
        {
            await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        }

        await Eventually.IsAsync(
            20L,
            async () => Number(await TotalsAsync(acme, endpoint.Path), "latency_ms", "count")
        );
        var latency = (await TotalsAsync(acme, endpoint.Path)).GetProperty("latency_ms");
        foreach (
            var (part, exact) in new[]
            {
                ("p50", 100),
                ("p90", 180),
                ("p95", 190),
                ("p99", 200),
                ("max", 200),
            }
        )
        {
            Assert.InRange(latency.GetProperty(part).GetDouble(), exact * 0.95, exact * 1.05);
        }
    }

    [Fact]
    public async Task Hours_AreTheOnesInWhichSomethingHappened()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var began = Hour();
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        await DeliveredAsync(acme, 1);
        Clock.Advance(TimeSpan.FromHours(3));
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        await DeliveredAsync(acme, 3);

        var read = (await acme.GetAsync("/v1/stats")).Expect(200).Json;
        Assert.Equal(
            [(began, 1L), (began.AddHours(3), 2L)],
            read.GetProperty("hours")
                .EnumerateArray()
                .Select(hour =>
                    (hour.GetProperty("hour").GetDateTimeOffset(), Number(hour, "delivered"))
                )
        );

        var part = $"since={Text(began.AddHours(1))}&until={Text(began.AddHours(4))}";
        Assert.Equal(2, Number(await TotalsAsync(acme, query: part), "accepted"));
        Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(0, Number(await TotalsAsync(acme), "accepted"));
    }

    [Fact]
    public async Task A_graceful_stop_loses_nothing()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = AddReceiver();
        receiver.Answer = async _ =>
        {
            await (receiver.Requests.Count > 10 ? gate.Task : Task.CompletedTask);
            return WireReceiver.Ok;
        };
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "max_in_flight":4 """);
        for (var i = 0; i < 40; i++)
        {
            await acme.PostEventAsync();
        }

        await Eventually.IsAsync(true, () => receiver.Requests.Count > 10);
        var stopping = StopAsync();
        gate.SetResult();
        await stopping;
        var atTheStop = receiver.Requests.Count;

        var running = Setup;
        await RestartAsync(
            running with
            {
                Settings = new Dictionary<string, string?> { ["Delivery:Paused"] = "true" },
            }
        );
        var totals = await TotalsAsync(acme);
        Assert.Equal((40, 40), (Number(totals, "accepted"), Number(totals, "deliveries")));
        Assert.Equal(atTheStop, Number(totals, "attempts", "total"));
        Assert.Equal(atTheStop, Number(totals, "delivered"));
    }

    [Fact]
    public async Task Another_server_reads_what_was_stored_meanwhile()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        await DeliveredAsync(acme, 1);
        await Clock.WaitForTimerAsync(s_interval);
        Clock.Advance(s_interval);
        await Clock.WaitForTimerAsync(s_interval);

        // What is in the store counts once, though this server counted it.
        Assert.Equal(1, Number(await TotalsAsync(acme), "delivered"));
        await RestartAsync();
        var totals = await TotalsAsync(acme);
        Assert.Equal((1, 1), (Number(totals, "accepted"), Number(totals, "delivered")));
    }

    private static async Task AssertAttemptsAsync(
        TenantUser tenant,
        string path,
        WireReceiver receiver,
        string byReason
    )
    {
        await Eventually.IsAsync(
            byReason,
            async () =>
                (await TotalsAsync(tenant, path))
                    .GetProperty("attempts")
                    .GetProperty("by_reason")
                    .GetRawText()
        );
        Assert.Equal(
            receiver.Requests.Count,
            Number(await TotalsAsync(tenant, path), "attempts", "total")
        );
    }

    /// <summary>An outcome is stored a moment before it is counted.</summary>
    private static Task DeliveredAsync(TenantUser tenant, long wanted) =>
        Eventually.IsAsync(wanted, async () => Number(await TotalsAsync(tenant), "delivered"));

    private static async Task<JsonElement> TotalsAsync(
        TenantUser tenant,
        string path = "/v1",
        string query = ""
    ) => (await tenant.GetAsync($"{path}/stats?{query}")).Expect(200).Json.GetProperty("totals");

    private static long Number(JsonElement counts, params string[] members) =>
        members.Aggregate(counts, (at, member) => at.GetProperty(member)).GetInt64();

    private static string Text(DateTimeOffset time) =>
        time.ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            System.Globalization.CultureInfo.InvariantCulture
        );

    private DateTimeOffset Hour()
    {
        var now = Clock.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
    }
}
