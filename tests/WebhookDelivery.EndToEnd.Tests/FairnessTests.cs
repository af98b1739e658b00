using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Tenants that hang or are slow hold up themselves and nobody else.</summary>
public abstract class FairnessTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const int Queued = 500;
    private const int Healthy = 100;

    [Theory]
    [InlineData(""" "max_in_flight":6 """, 6)]
    [InlineData("", 32)]
    public async Task A_hung_endpoint_holds_its_own_slots_and_others_are_delivered_at_once(
        string limits,
        int cap
    )
    {
        var hung = Own(new HungReceiver());
        var receiver = AddReceiver();
        var slow = await AddTenantAsync("slow");
        var acme = await AddTenantAsync();
        await slow.AddEndpointAsync(hung.Url, limits);
        await acme.AddEndpointAsync(receiver.Url);
        await PostAsync(slow, Queued);
        await Eventually.IsAsync(cap, () => hung.Held);

        // The clock stands still: nothing of the hung tenant's can time out to make room.
        await PostAsync(acme, Healthy);
        await Eventually.IsAsync(Healthy, () => acme.CountEventsAsync("&status=DELIVERED"));

        Assert.Equal(Healthy, receiver.Requests.Count);
        Assert.Equal((cap, cap), (hung.Held, hung.HeldMost));
        Assert.Equal(100, await slow.CountEventsAsync("&status=PENDING"));
    }

    [Fact]
    public async Task A_tenant_with_many_hung_endpoints_leaves_room_for_others()
    {
        var hung = Own(new HungReceiver());
        var receiver = AddReceiver();
        await RestartWithPlacesAsync(machine: 20, tenant: 12);
        var slow = await AddTenantAsync("slow");
        var acme = await AddTenantAsync();
        for (var i = 0; i < 12; i++)
        {
            await slow.AddEndpointAsync(hung.Url, """ "max_in_flight":4 """);
        }

        await acme.AddEndpointAsync(receiver.Url);
        await PostAsync(slow, 20);
        await Eventually.IsAsync(12, () => hung.Held);

        await PostAsync(acme, Healthy);
        await Eventually.IsAsync(Healthy, () => acme.CountEventsAsync("&status=DELIVERED"));

        Assert.Equal(12, hung.HeldMost);
    }

    [Theory]
    [InlineData("hung", 0)]
    [InlineData("slow", 1)]
    public async Task Tenants_that_could_fill_the_machine_leave_a_place_for_the_next(
        string kind,
        int answeredEachTime
    )
    {
        const int machine = 24;
        const int hogs = 4;
        await RestartWithPlacesAsync(machine, tenant: 10);
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var hung = new List<HungReceiver>();
        for (var i = 0; i < hogs; i++)
        {
            var tenant = await AddTenantAsync($"{kind}-{i}");
            hung.Add(Own(new HungReceiver()));
            for (var endpoint = 0; endpoint < 3; endpoint++)
            {
                await tenant.AddEndpointAsync(hung[i].Url);
            }

            await PostAsync(tenant, 25);
        }

        await Eventually.IsAsync(true, () => hung.Sum(each => each.Held) >= machine / 2);

        // The clock stands still: each must be made with the places that are left, one after another.
        for (var i = 0; i < 15; i++)
        {
            await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
            for (var answered = 0; answered < answeredEachTime; answered++)
            {
                hung[i % hogs].ReleaseOne();
            }
        }

        Assert.Equal(15, receiver.Requests.Count);
        Assert.All(hung, each => Assert.InRange(each.Held, 1, 10));
        Assert.InRange(hung.Sum(each => each.Held), machine / 2, machine - 1);
    }

    [Fact]
    public async Task A_hung_endpoint_with_a_high_limit_leaves_its_tenant_s_others_a_place()
    {
        await RestartWithPlacesAsync(machine: 40, tenant: 10);
        var hung = Own(new HungReceiver());
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(
            hung.Url,
            """ "max_in_flight":1000,"event_types":["order.slow"] """
        );
        await acme.AddEndpointAsync(receiver.Url, """ "event_types":["order.fast"] """);
        for (var i = 0; i < 30; i++)
        {
            await acme.PostEventAsync("""{"type":"order.slow"}""");
        }

        await Eventually.IsAsync(5, () => hung.Held);
        for (var i = 0; i < 10; i++)
        {
            var fast = await acme.PostEventAsync("""{"type":"order.fast"}""");
            await acme.WaitForAsync(fast, "DELIVERED");
        }

        Assert.Equal((5, 10), (hung.HeldMost, receiver.Requests.Count));
    }

    [Fact]
    public async Task A_hung_endpoint_s_backlog_is_delivered_once_it_answers_again()
    {
        var hung = Own(new HungReceiver());
        var slow = await AddTenantAsync("slow");
        await slow.AddEndpointAsync(hung.Url, """ "max_in_flight":4 """);
        var ids = await PostAsync(slow, 50);
        await Eventually.IsAsync(4, () => hung.Held);

        hung.Release();
        await Eventually.IsAsync(ids.Count, () => slow.CountEventsAsync("&status=DELIVERED"));

        Assert.Equal(ids.Order(), hung.EventIds.Order());
        Assert.Equal(4, hung.HeldMost);
    }

    private Task RestartWithPlacesAsync(int machine, int tenant) =>
        RestartAsync(
            Setup with
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Delivery:MaxInFlight"] = $"{machine}",
                    ["Delivery:MaxInFlightPerTenant"] = $"{tenant}",
                },
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
