using System.Collections.Concurrent;
using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// Tenants that flood, refuse, flap, or are sent large payloads, beside one that does not. On the
/// embedded engine, whose queue keeps an order that can be counted on.
/// </summary>
public sealed class SqliteFairnessUnderLoadTests : EndToEndTest<SqliteHome>
{
    [Fact]
    public async Task A_flooding_tenant_gets_no_more_turns_than_the_other()
    {
        const int floodEndpoints = 5;
        const int mine = 60;
        await RestartWithAsync(("Delivery:Paused", "true"));
        var order = new ConcurrentQueue<string>();
        var receiver = AddReceiver();
        receiver.Answer = request =>
        {
            order.Enqueue(request.RequestLine);
            return Task.FromResult(WireReceiver.Ok);
        };
        var flood = await AddTenantAsync("flood");
        for (var i = 0; i < floodEndpoints; i++)
        {
            await flood.AddEndpointAsync(new Uri(receiver.Url, "/flood"));
        }

        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(new Uri(receiver.Url, "/acme"));
        await PostAsync(flood, 80);
        await PostAsync(acme, mine);

        await RestartWithAsync(
            ("Delivery:MaxInFlight", "8"),
            ("Delivery:MaxInFlightPerTenant", "4")
        );
        await Eventually.IsAsync((80 * floodEndpoints) + mine, () => order.Count);

        // Places are 4 to 2, as one endpoint gets half of its tenant's. The first and the last few do
        // not count: one that is slow to connect would stretch what lies between by itself.
        var letters = string.Concat(order.Select(line => line.Contains("acme") ? 'a' : 'f'));
        var ofAcme = Enumerable.Range(0, letters.Length).Where(i => letters[i] == 'a').ToList();
        var between = ofAcme[mine - 6] - ofAcme[5] - (mine - 11);
        Assert.True(between <= 3 * mine, $"The flood came {between} times between: {letters}");
    }

    [Fact]
    public async Task A_tenant_that_refuses_is_left_alone_and_the_other_is_delivered_at_once()
    {
        var refusing = await AddTenantAsync("refusing");
        await refusing.AddEndpointAsync(
            new Uri($"http://127.0.0.1:{RawReceiver.UnusedPort()}/hook")
        );
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        await PostAsync(refusing, 200);
        await PostAsync(acme, 50);

        await Eventually.IsAsync(50, () => acme.CountEventsAsync("&status=DELIVERED"));
        await Eventually.IsAsync(
            true,
            async () => await refusing.CountEventsAsync("&status=FAILED") >= 20
        );

        // 20 to open the breaker, and as many as were under way by then.
        Assert.Equal(50, receiver.Requests.Count);
        Assert.InRange(await refusing.CountEventsAsync("&status=FAILED"), 20, 20 + 32);
        Assert.Equal(100, await refusing.CountEventsAsync("&status=PENDING"));
    }

    [Fact]
    public async Task A_tenant_that_flaps_is_tried_little_while_down_and_served_whole_when_up()
    {
        var flapping = AddReceiver();
        var receiver = AddReceiver();
        var flappy = await AddTenantAsync("flappy");
        var acme = await AddTenantAsync();
        await flappy.AddEndpointAsync(flapping.Url);
        await acme.AddEndpointAsync(receiver.Url);
        var sent = new List<string>();
        var tries = 0;
        for (var phase = 0; phase < 4; phase++)
        {
            var down = phase % 2 == 0;
            flapping.AnswerWith(down ? 500 : 200);
            var before = flapping.Requests.Count;
            sent.AddRange(await PostAsync(flappy, down ? 90 : 5));
            await PostAsync(acme, 10);
            await Eventually.IsAsync(10 * (phase + 1), () => receiver.Requests.Count);
            tries += down ? flapping.Requests.Count - before : 0;
            Clock.Advance(TimeSpan.FromSeconds(11));
        }

        // Twice 90 were due while it was down; a breaker lets 20 go and what is under way by then.
        Assert.InRange(tries, 1, 2 * (20 + 32));
        flapping.AnswerWith(200);
        await PumpAsync(
            TimeSpan.FromSeconds(20),
            TimeSpan.FromMinutes(10),
            () => Task.FromResult(Delivered().Count == sent.Count)
        );
        Assert.Equal(sent.Order(), Delivered().Order());

        HashSet<string> Delivered() =>
            [.. flapping.Requests.Select(request => request["webhook-id"]!)];
    }

    [Fact]
    public async Task A_hung_tenant_s_large_payloads_leave_memory_for_others()
    {
        const int budget = 16 * 1024 * 1024;
        const int length = 900 * 1024;
        await RestartWithAsync(("Delivery:InFlightPayloadBytesMax", $"{budget}"));
        var hung = Own(new HungReceiver());
        var receiver = AddReceiver();
        var slow = await AddTenantAsync("slow");
        var acme = await AddTenantAsync();
        await slow.AddEndpointAsync(hung.Url);
        await acme.AddEndpointAsync(receiver.Url);
        var large = Encoding.UTF8.GetBytes($$"""{"x":"{{new string('x', length)}}"}""");
        for (var i = 0; i < 24; i++)
        {
            (await slow.PostEventAsync(large)).Expect(201);
        }

        await Eventually.IsAsync(true, () => hung.Held >= 6);
        for (var i = 0; i < 3; i++)
        {
            var answer = (await acme.PostEventAsync(large)).Expect(201);
            await acme.WaitForAsync(answer["event_id"], "DELIVERED");
            await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        }

        Assert.InRange(hung.HeldMost, 6, (budget / 2 / length) + 1);
        hung.Release();
        await Eventually.IsAsync(24, () => slow.CountEventsAsync("&status=DELIVERED"));
    }

    private Task RestartWithAsync(params (string Key, string Value)[] settings) =>
        RestartAsync(
            Setup with
            {
                Settings = settings.ToDictionary(each => each.Key, each => (string?)each.Value),
            }
        );

    private static async Task<IReadOnlyList<string>> PostAsync(TenantUser tenant, int count)
    {
        var ids = new List<string>();
        foreach (var chunk in Enumerable.Range(0, count).Chunk(25))
        {
            ids.AddRange(await Task.WhenAll(chunk.Select(_ => tenant.PostEventAsync())));
        }

        return ids;
    }
}
