using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>An endpoint that fails for long is told of, then disabled; one that recovers is told of.</summary>
public abstract class EndpointHealthTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private static readonly TimeSpan s_disableAfter = TimeSpan.FromHours(2);

    protected EndpointHealthTests() =>
        Setup = Setup with
        {
            Settings = new Dictionary<string, string?> { ["Delivery:DisableAfter"] = "2h" },
        };

    [Fact]
    public async Task Failures_in_a_row_for_a_minute_make_an_endpoint_failing()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var desk = await OpenDeskAsync(acme);
        var endpoint = await AddFailingAsync(acme, receiver, "?token=secret");
        var began = Clock.GetUtcNow();

        await FailAsync(acme, 12);
        Clock.Advance(TimeSpan.FromSeconds(59));
        await FailAsync(acme, 1);
        Assert.Null(await FailingSinceAsync(acme, endpoint));
        Assert.Empty(desk.News);
        var version = (await acme.GetAsync(endpoint.Path))["version"];
        Clock.Advance(TimeSpan.FromSeconds(1));
        await FailAsync(acme, 1);

        var data = await desk.WaitForAsync(1, "endpoint.failing");
        Assert.Equal(endpoint.Id, data.GetProperty("endpoint_id").GetString());
        Assert.Equal(receiver.Url.ToString(), data.GetProperty("url").GetString());
        Assert.Equal(began, Time(data, "failing_since"));
        Assert.Equal(began + s_disableAfter, Time(data, "disables_at"));
        Assert.Equal("http_status", data.GetProperty("last_reason").GetString());
        Assert.Equal(500, data.GetProperty("last_status_code").GetInt32());
        Assert.Equal(began, await FailingSinceAsync(acme, endpoint));
        Assert.Equal(version, (await acme.GetAsync(endpoint.Path))["version"]);

        await FailAsync(acme, 1);
        Assert.Single(desk.News);
    }

    [Fact]
    public async Task A_success_makes_a_failing_endpoint_recover_and_starts_the_time_anew()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var desk = await OpenDeskAsync(acme);
        var endpoint = await AddFailingAsync(acme, receiver);
        var began = Clock.GetUtcNow();
        await MakeFailingAsync(acme);
        await desk.WaitForAsync(1, "endpoint.failing");

        Clock.Advance(TimeSpan.FromHours(1.5));
        receiver.AnswerWith(200);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");

        var recovered = await desk.WaitForAsync(2, "endpoint.recovered");
        Assert.Equal(endpoint.Id, recovered.GetProperty("endpoint_id").GetString());
        Assert.Equal(began, Time(recovered, "failing_since"));
        Assert.Null(await FailingSinceAsync(acme, endpoint));

        receiver.AnswerWith(500);
        var again = Clock.GetUtcNow();
        await MakeFailingAsync(acme);
        Assert.Equal(again, Time(await desk.WaitForAsync(3, "endpoint.failing"), "failing_since"));
        Clock.Advance(TimeSpan.FromHours(1));
        await FailAsync(acme, 1);
        Assert.Equal("False", (await acme.GetAsync(endpoint.Path))["disabled"]);
        Clock.Advance(TimeSpan.FromHours(1));
        await FailAsync(acme, 1);
        await desk.WaitForAsync(4, "endpoint.disabled");
    }

    [Fact]
    public async Task Nothing_but_failures_for_long_enough_disables_and_enabling_resumes()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var desk = await OpenDeskAsync(acme);
        var endpoint = await AddFailingAsync(acme, receiver);
        var began = Clock.GetUtcNow();
        await MakeFailingAsync(acme);
        await desk.WaitForAsync(1, "endpoint.failing");

        Clock.Advance(s_disableAfter - TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        await FailAsync(acme, 1);
        Assert.Equal("False", (await acme.GetAsync(endpoint.Path))["disabled"]);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var disabledAt = Clock.GetUtcNow();
        await FailAsync(acme, 1);

        var data = await desk.WaitForAsync(2, "endpoint.disabled");
        Assert.Equal(endpoint.Id, data.GetProperty("endpoint_id").GetString());
        Assert.Equal("failing", data.GetProperty("reason").GetString());
        Assert.Equal(began, Time(data, "failing_since"));
        Assert.Equal(disabledAt, Time(data, "disabled_at"));
        var shown = (await acme.GetAsync(endpoint.Path)).Json;
        Assert.True(shown.GetProperty("disabled").GetBoolean());
        Assert.Equal("failing", shown.GetProperty("disabled_reason").GetString());
        Assert.Equal(disabledAt, Time(shown, "disabled_at"));
        Assert.Equal(began, Time(shown, "failing_since"));

        var requests = receiver.Requests.Count;
        var parked = await acme.PostEventAsync();
        await acme.WaitForAsync(parked, endpoint, "PARKED");
        receiver.AnswerWith(200);
        await acme.SetDisabledAsync(endpoint, false);
        await acme.WaitForAsync(parked, endpoint, "DELIVERED");
        Assert.Equal(requests + 1, receiver.Requests.Count);
        Assert.Null(await FailingSinceAsync(acme, endpoint));

        // The tenant's own doing is no news to it, and what failed before counts no more.
        receiver.AnswerWith(500);
        await FailAsync(acme, 1);
        Assert.Equal("False", (await acme.GetAsync(endpoint.Path))["disabled"]);
        Assert.Equal(2, desk.News.Count);
    }

    [Fact]
    public async Task A_restart_forgets_neither_since_when_an_endpoint_fails_nor_to_disable_it()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var desk = await OpenDeskAsync(acme);
        var endpoint = await AddFailingAsync(acme, receiver);
        await MakeFailingAsync(acme);
        await desk.WaitForAsync(1, "endpoint.failing");
        var since = await FailingSinceAsync(acme, endpoint);

        await StopAsync();
        Clock.Advance(s_disableAfter);
        await RestartAsync();
        Assert.Equal(since, await FailingSinceAsync(acme, endpoint));
        await FailAsync(acme, 1);

        await desk.WaitForAsync(2, "endpoint.disabled");
    }

    [Fact]
    public async Task Disabling_that_could_not_be_announced_is_announced_by_the_next_server()
    {
        var refused = new RefusedNews.Counter();
        var whole = Setup;
        await RestartAsync(
            whole with
            {
                Services = services => RefusedNews.Put(services, refused),
            }
        );
        var receiver = AddReceiver(410);
        var acme = await AddTenantAsync();
        var desk = await OpenDeskAsync(acme);
        var endpoint = await AddFailingAsync(acme, receiver);
        await FailAsync(acme, 1);
        await Eventually.IsAsync(true, () => refused.Count > 0);
        Assert.Equal("True", (await acme.GetAsync(endpoint.Path))["disabled"]);

        await RestartAsync(whole);

        var data = await desk.WaitForAsync(1, "endpoint.disabled");
        Assert.Equal("endpoint_gone", data.GetProperty("reason").GetString());
        Clock.Advance(TimeSpan.FromMinutes(10));
        await RestartAsync();
        await acme.WaitForAsync(await acme.PostEventAsync(), endpoint, "PARKED");
        Assert.Single(desk.News);
    }

    private async Task<NewsDesk> OpenDeskAsync(TenantUser tenant) =>
        await NewsDesk.OpenAsync(tenant, AddReceiver(), """["endpoint.*"]""");

    /// <summary>An endpoint whose every failure is a delivery's last.</summary>
    private static Task<EndpointRef> AddFailingAsync(
        TenantUser tenant,
        WireReceiver receiver,
        string query = ""
    ) => tenant.AddEndpointAsync(new Uri(receiver.Url + query), """ "retry_schedule":[] """);

    /// <summary>Fails ten times, from now for a minute, which then has passed.</summary>
    private async Task MakeFailingAsync(TenantUser tenant)
    {
        await FailAsync(tenant, 9);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await FailAsync(tenant, 1);
    }

    /// <summary>Posts events one after another, each of which fails and is over.</summary>
    private static async Task FailAsync(TenantUser tenant, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await tenant.WaitForAsync(await tenant.PostEventAsync(), "DEAD_LETTER");
        }
    }

    private static async Task<DateTimeOffset?> FailingSinceAsync(
        TenantUser tenant,
        EndpointRef endpoint
    )
    {
        var since = (await tenant.GetAsync(endpoint.Path)).Json.GetProperty("failing_since");
        return since.ValueKind == JsonValueKind.Null ? null : since.GetDateTimeOffset();
    }

    private static DateTimeOffset Time(JsonElement data, string member) =>
        data.GetProperty(member).GetDateTimeOffset();
}
