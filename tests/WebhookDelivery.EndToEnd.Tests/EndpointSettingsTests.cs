using System.Text;
using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What a tenant sets at an endpoint holds: when it is set, and when it is changed.</summary>
public abstract class EndpointSettingsTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    [Fact]
    public async Task Timeout_of_an_endpoint_s_own_ends_its_attempts()
    {
        var hung = Own(new HungReceiver());
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(hung.Url, """ "timeout_seconds":2.5 """);
        var id = await acme.PostEventAsync();
        await Eventually.IsAsync(1, () => hung.Held);

        Clock.Advance(TimeSpan.FromSeconds(2.4));
        Assert.Equal("PENDING", (await acme.DeliveryAsync(id)).Status);
        Clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal("timeout", (await acme.WaitForAsync(id, "FAILED")).LastReason);
        Assert.InRange(Assert.Single(await acme.AttemptsAsync(id)).DurationMs, 2500, 2700);
    }

    [Fact]
    public async Task In_flight_cap_holds_back_what_is_beyond_it_until_it_is_raised()
    {
        var hung = Own(new HungReceiver());
        var canary = AddReceiver();
        var acme = await AddTenantAsync();
        var capped = await acme.AddEndpointAsync(
            hung.Url,
            """ "max_in_flight":2,"event_types":["order.*"] """
        );
        await acme.AddEndpointAsync(canary.Url, """ "event_types":["canary"] """);
        for (var i = 0; i < 10; i++)
        {
            await acme.PostEventAsync();
        }

        await Eventually.IsAsync(2, () => hung.Held);
        await acme.WaitForAsync(await acme.PostEventAsync("""{"type":"canary"}"""), "DELIVERED");
        Assert.Equal(2, hung.Came);

        // What is under way was begun under the old cap; the first that was begun under the new one
        // makes it known when it ends.
        (await acme.PatchAsync(capped.Path, """{"max_in_flight":4}""")).Expect(200);
        for (var came = 3; came <= 4; came++)
        {
            hung.ReleaseOne();
            await Eventually.IsAsync(came, () => hung.Came);
        }

        Assert.Equal(2, hung.HeldMost);
        hung.ReleaseOne();
        await Eventually.IsAsync(4, () => hung.Held);
        hung.Release();
        await Eventually.IsAsync(11, () => acme.CountEventsAsync("&status=DELIVERED"));
        Assert.Equal(4, hung.HeldMost);
    }

    [Fact]
    public async Task Schedule_that_is_changed_decides_the_next_wait()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(
            receiver.Url,
            """ "retry_schedule":["30s","30s","30s"] """
        );
        var id = await acme.PostEventAsync();
        var failed = await acme.WaitForAsync(id, "FAILED");
        Assert.InRange(Wait(failed).TotalSeconds, 26.9, 33.1);

        (await acme.PatchAsync(endpoint.Path, """{"retry_schedule":["1s","2h"]}""")).Expect(200);
        AdvanceTo(failed.NextAttemptAt);
        failed = await acme.WaitForAttemptsAsync(id, 2);
        Assert.InRange(Wait(failed).TotalHours, 1.79, 2.21);

        AdvanceTo(failed.NextAttemptAt);
        await acme.WaitForAttemptsAsync(id, 3);
        await acme.WaitForAsync(id, "DEAD_LETTER");

        TimeSpan Wait(DeliveryView delivery) => delivery.NextAttemptAt!.Value - Clock.GetUtcNow();
    }

    [Fact]
    public async Task Headers_and_url_that_are_changed_are_those_of_the_next_attempt()
    {
        var (old, next) = (AddReceiver(), AddReceiver());
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(
            old.Url,
            """ "headers":{"X-Team":"one","X-Gone":"1"} """
        );
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");

        (
            await acme.PatchAsync(
                endpoint.Path,
                $$$"""{"url":"{{{next.Url}}}","headers":{"x-team":"two"}}"""
            )
        ).Expect(200);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");

        Assert.Equal("one", Assert.Single(old.Requests)["X-Team"]);
        var request = Assert.Single(next.Requests);
        Assert.Equal(("two", null), (request["X-Team"], request["X-Gone"]));
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("connection")]
    [InlineData("Content-Type")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Cookie")]
    [InlineData("webhook-id")]
    [InlineData("WEBHOOK-SIGNATURE")]
    [InlineData("Stripe-Signature")]
    [InlineData("Proxy-Authorization")]
    [InlineData("User-Agent")]
    public async Task Headers_that_frame_a_message_or_are_the_platform_s_own_are_refused(
        string name
    )
    {
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(AddReceiver().Url);

        var refused = await acme.PatchAsync(endpoint.Path, $$$"""{"headers":{"{{{name}}}":"x"}}""");

        Assert.True(
            refused.Expect(400).Json.GetProperty("errors").TryGetProperty("headers." + name, out _)
        );
        Assert.Equal(
            1,
            (await acme.GetAsync(endpoint.Path)).Json.GetProperty("version").GetInt32()
        );
    }

    [Fact]
    public async Task Content_filter_decides_who_gets_an_event_and_follows_its_changes()
    {
        var (large, german) = (AddReceiver(), AddReceiver());
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(
            large.Url,
            """ "event_types":["order.*"],"filter":{"field":"data.total","gte":100} """
        );
        await acme.AddEndpointAsync(
            german.Url,
            """
            "filter":{"and":[{"field":"data.country","in":["DE","AT"]},{"not":{"field":"test","equals":true}}]}
            """
        );

        await PostAsync("""{"type":"order.paid","data":{"total":1e2,"country":"DE"}}""", 2);
        await PostAsync("""{"type":"order.paid","data":{"total":99.99,"country":"AT"}}""", 1);
        await PostAsync("""{"type":"refund","data":{"total":500}}""", 0);
        await PostAsync("""{"type":"refund","data":{"country":"DE"},"test":true}""", 0);
        (await acme.PatchAsync(endpoint.Path, """{"filter":null}""")).Expect(200);
        await PostAsync("""{"type":"order.paid","data":{}}""", 1);

        await Eventually.IsAsync(3, () => acme.CountEventsAsync("&status=DELIVERED"));
        Assert.Equal((2, 2), (large.Requests.Count, german.Requests.Count));

        async Task PostAsync(string payload, int endpoints) =>
            Assert.Equal(
                endpoints,
                (await acme.PostEventAsync(Encoding.UTF8.GetBytes(payload)))
                    .Expect(201)
                    .Json.GetProperty("endpoint_ids")
                    .GetArrayLength()
            );
    }

    [Fact]
    public async Task Content_filter_meets_any_payload_without_failing()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(
            receiver.Url,
            """ "filter":{"not":{"or":[{"field":"a.a","equals":"x"},{"field":"/a/0","lt":1}]}} """
        );
        string[] payloads =
        [
            """{"a":"\ud800","\udfff":{"a":"\ud83d"}}""",
            """{"a":{"a":"x"},"a":1,"a":[2e999999999]}""",
            string.Concat(Enumerable.Repeat("""{"a":""", 60)) + "[]" + new string('}', 60),
        ];
        foreach (var payload in payloads)
        {
            await acme.WaitForAsync(await acme.PostEventAsync(payload), "DELIVERED");
        }

        Assert.Equal(
            payloads,
            receiver.Requests.Select(each => Encoding.UTF8.GetString(each.Body))
        );
    }

    [Fact]
    public async Task Put_by_own_id_creates_once_then_replaces_what_is_delivered_to()
    {
        var (old, next) = (AddReceiver(), AddReceiver());
        var acme = await AddTenantAsync();
        var body = $$$"""{"url":"{{{old.Url}}}","metadata":{"crm":"42"},"headers":{"X-A":"1"}}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PutAsync(acme, body)));

        var created = Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers, answer => Assert.Equal(created["endpoint_id"], answer["endpoint_id"]));
        Assert.Equal(
            1,
            (await PutAsync(acme, body)).Expect(200).Json.GetProperty("version").GetInt32()
        );
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "DELIVERED");

        (await PutAsync(acme, $$"""{"url":"{{next.Url}}"}""")).Expect(200);
        (await acme.PostAsync($"/v1/events/{id}/redeliver", """{"endpoint_id":"crm"}""")).Expect(
            202
        );
        await Eventually.IsAsync(1, () => next.Requests.Count);

        Assert.Equal(id, Assert.Single(next.Requests)["webhook-id"]);
        Assert.Null(next.Requests[0]["X-A"]);
        Assert.Single(old.Requests);
        Assert.Equal(1, await acme.CountEventsAsync("&endpoint_id=crm"));
        Assert.Equal(0, await acme.CountEventsAsync("&endpoint_id=erp"));
    }

    [Fact]
    public async Task Own_id_of_a_deleted_endpoint_is_free()
    {
        var acme = await AddTenantAsync();
        var body = $$"""{"url":"{{AddReceiver().Url}}","external_id":"crm"}""";
        var first = (await acme.PostAsync("/v1/endpoints", body)).Expect(201)["endpoint_id"];
        Assert.Equal(
            "external_id_in_use",
            (await acme.PostAsync("/v1/endpoints", body)).Expect(409)["code"]
        );

        (await acme.DeleteAsync("/v1/endpoints/crm")).Expect(204);
        (await acme.GetAsync("/v1/endpoints/crm")).Expect(404);
        var second = (await acme.PostAsync("/v1/endpoints", body)).Expect(201)["endpoint_id"];

        Assert.NotEqual(first, second);
        Assert.Equal(second, (await acme.GetAsync("/v1/endpoints/crm")).Expect(200)["endpoint_id"]);
    }

    [Fact]
    public async Task Operational_endpoint_gets_none_of_the_tenant_s_events()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(
            receiver.Url,
            """ "operational":true,"metadata":{"team":"ops","none":""} """
        );

        var id = await acme.PostEventAsync();

        Assert.Equal("UNROUTED", (await acme.EventAsync(id)).GetProperty("status").GetString());
        var tested = await acme.PostAsync(endpoint.Path + "/test");
        await acme.WaitForAsync(tested.Expect(202)["event_id"], "DELIVERED");
        var read = (await acme.GetAsync(endpoint.Path)).Json;
        Assert.True(read.GetProperty("operational").GetBoolean());
        Assert.Equal("ops", read.GetProperty("metadata").GetProperty("team").GetString());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("external_id").ValueKind);
    }

    private static Task<Answer> PutAsync(TenantUser tenant, string body) =>
        tenant.SendAsync(HttpMethod.Put, "/v1/endpoints/crm", Encoding.UTF8.GetBytes(body));
}
