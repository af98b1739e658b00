namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>A graceful stop loses nothing and repeats nothing.</summary>
public abstract class RestartTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    [Fact]
    public async Task What_was_queued_is_delivered_once_by_the_next_server()
    {
        var receiver = AddReceiver();
        var running = Setup;
        await RestartAsync(
            running with
            {
                Settings = new Dictionary<string, string?> { ["Delivery:Paused"] = "true" },
            }
        );
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var ids = await PostAsync(acme, 60);
        Assert.Empty(receiver.Requests);

        await RestartAsync(running);
        await Eventually.IsAsync(60, () => acme.CountEventsAsync("&status=DELIVERED"));

        Assert.Equal(ids.Order(), receiver.Requests.Select(each => each["webhook-id"]!).Order());
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_backlog_delivers_each_event_once()
    {
        var receiver = AddReceiver();
        receiver.Answer = async _ =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
            return Testing.WireReceiver.Ok;
        };
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "max_in_flight":4 """);
        var ids = await PostAsync(acme, 100);

        await RestartAsync();
        Assert.InRange(receiver.Requests.Count, 1, 99);
        await Eventually.IsAsync(100, () => acme.CountEventsAsync("&status=DELIVERED"));

        // A stop waits for what is under way, so that nothing is even in doubt.
        Assert.Equal(ids.Order(), receiver.Requests.Select(each => each["webhook-id"]!).Order());
    }

    [Fact]
    public async Task A_retry_that_falls_due_while_the_server_is_down_is_made_when_it_is_back()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "FAILED");

        await StopAsync();
        Clock.Advance(TimeSpan.FromHours(2));
        Assert.Single(receiver.Requests);
        await RestartAsync();

        Assert.Equal(2, (await acme.WaitForAsync(id, "DELIVERED")).Attempts);
        Assert.Equal(["1", "2"], receiver.Requests.Select(each => each["webhook-attempt"]));
    }

    [Fact]
    public async Task A_retry_that_is_not_due_yet_waits_for_its_time_across_a_restart()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["1h"] """);
        var id = await acme.PostEventAsync();
        var failed = await acme.WaitForAsync(id, "FAILED");

        await RestartAsync();
        await acme.WaitForAsync((await acme.PostEventAsync()), "DELIVERED");
        Assert.Equal(failed, await acme.DeliveryAsync(id));
        AdvanceTo(failed.NextAttemptAt);
        await acme.WaitForAsync(id, "DELIVERED");

        var attempts = await acme.AttemptsAsync(id);
        Assert.InRange(attempts[1].StartedAt, failed.NextAttemptAt!.Value, DateTimeOffset.MaxValue);
    }

    [Fact]
    public async Task Endpoints_secrets_parked_and_dead_deliveries_survive()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var failing = await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        var disabled = await acme.AddEndpointAsync(receiver.Url, """ "disabled":true """);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, failing, "DEAD_LETTER");
        await acme.WaitForAsync(id, disabled, "PARKED");
        var endpoints = (await acme.GetAsync("/v1/endpoints")).Text;

        await RestartAsync();
        Assert.Equal(endpoints, (await acme.GetAsync("/v1/endpoints")).Expect(200).Text);
        receiver.AnswerWith(200);
        await acme.SetDisabledAsync(disabled, false);
        (await acme.PostAsync("/v1/dead-letters/requeue")).Expect(200);

        await acme.WaitForAsync(id, failing, "DELIVERED");
        await acme.WaitForAsync(id, disabled, "DELIVERED");
    }

    private static async Task<IReadOnlyList<string>> PostAsync(TenantUser tenant, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => tenant.PostEventAsync()));
}
