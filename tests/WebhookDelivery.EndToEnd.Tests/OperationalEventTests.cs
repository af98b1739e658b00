using System.Text;
using WebhookDelivery.Signatures;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What the platform tells a tenant comes as its webhooks do, and never of itself.</summary>
public abstract class OperationalEventTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const string Failing = """ "retry_schedule":[] """;

    [Fact]
    public async Task A_dead_letter_is_told_signed_and_listed_as_the_platforms_own()
    {
        var acme = await AddTenantAsync();
        var desk = await NewsDesk.OpenAsync(acme, AddReceiver());
        var failing = await acme.AddEndpointAsync(
            AddReceiver(503).Url,
            """ "retry_schedule":["1m"],"external_id":"billing" """
        );
        var id = await acme.PostEventAsync();
        AdvanceTo((await acme.WaitForAsync(id, "FAILED")).NextAttemptAt);
        await acme.WaitForAsync(id, "DEAD_LETTER");

        var data = await desk.WaitForAsync(1, "delivery.dead_lettered");
        Assert.Equal(failing.Id, data.GetProperty("endpoint_id").GetString());
        Assert.Equal("billing", data.GetProperty("external_id").GetString());
        Assert.Equal(id, data.GetProperty("event_id").GetString());
        Assert.Equal("order.created", data.GetProperty("event_type").GetString());
        Assert.Equal(1, data.GetProperty("generation").GetInt32());
        Assert.Equal(2, data.GetProperty("attempts").GetInt32());
        Assert.Equal("http_status", data.GetProperty("last_reason").GetString());
        Assert.Equal(503, data.GetProperty("last_status_code").GetInt32());
        Assert.Equal(Clock.GetUtcNow(), desk.News[0].GetProperty("created_at").GetDateTimeOffset());
        AssertSigned(Assert.Single(desk.Requests), desk.Endpoint.Secret);

        var listed = (await acme.GetAsync("/v1/events?type=delivery.dead_lettered"))
            .Expect(200)
            .Json.GetProperty("data");
        var told = Assert.Single(listed.EnumerateArray());
        Assert.Equal("operational", told.GetProperty("source").GetString());
        Assert.Equal(desk.Requests[0]["webhook-id"], told.GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task A_dead_letter_that_dies_again_is_told_again()
    {
        var acme = await AddTenantAsync();
        var desk = await NewsDesk.OpenAsync(acme, AddReceiver());
        await acme.AddEndpointAsync(AddReceiver(500).Url, Failing);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "DEAD_LETTER");
        await desk.WaitForAsync(1, "delivery.dead_lettered");

        (await acme.PostAsync("/v1/dead-letters/requeue")).Expect(200);

        var data = await desk.WaitForAsync(2, "delivery.dead_lettered");
        Assert.Equal(id, data.GetProperty("event_id").GetString());
        Assert.Equal(2, data.GetProperty("generation").GetInt32());
    }

    [Fact]
    public async Task An_answer_of_410_is_told_as_a_dead_letter_and_as_disabling()
    {
        var acme = await AddTenantAsync();
        var desk = await NewsDesk.OpenAsync(acme, AddReceiver());
        var gone = await acme.AddEndpointAsync(AddReceiver(410).Url);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "DEAD_LETTER");

        await Eventually.IsAsync(2, () => desk.Requests.Count);
        Assert.Equal(["delivery.dead_lettered", "endpoint.disabled"], desk.Types);
        var disabled = desk.News.Single(each =>
            each.GetProperty("type").GetString() == "endpoint.disabled"
        );
        var data = disabled.GetProperty("data");
        Assert.Equal(gone.Id, data.GetProperty("endpoint_id").GetString());
        Assert.Equal("endpoint_gone", data.GetProperty("reason").GetString());
        Assert.Equal(
            data.GetProperty("disabled_at").GetDateTimeOffset(),
            disabled.GetProperty("created_at").GetDateTimeOffset()
        );
    }

    [Fact]
    public async Task A_receiver_that_asks_to_be_disabled_is_told_of_by_that_reason()
    {
        var receiver = AddReceiver();
        receiver.Answer = _ =>
            Task.FromResult(WireReceiver.Status(200, "webhook-delivery: disable"));
        var acme = await AddTenantAsync();
        var desk = await NewsDesk.OpenAsync(acme, AddReceiver());
        await acme.AddEndpointAsync(receiver.Url);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");

        var data = await desk.WaitForAsync(1, "endpoint.disabled");
        Assert.Equal("disabled_by_receiver", data.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task What_befalls_operational_endpoints_is_not_told_but_acted_on()
    {
        Setup = Setup with
        {
            Settings = new Dictionary<string, string?> { ["Delivery:DisableAfter"] = "1m" },
        };
        await RestartAsync();
        var broken = AddReceiver(500);
        var acme = await AddTenantAsync();
        var deaf = await acme.AddEndpointAsync(
            broken.Url,
            """ "operational":true,"event_types":["delivery.*"],"retry_schedule":[] """
        );
        var desk = await NewsDesk.OpenAsync(acme, AddReceiver());
        var ailing = await acme.AddEndpointAsync(
            AddReceiver([
                .. Enumerable.Repeat(new[] { 404, 200 }, 11).SelectMany(each => each),
            ]).Url,
            Failing
        );

        for (var i = 1; i <= 11; i++)
        {
            await acme.WaitForAsync(await acme.PostEventAsync(), "DEAD_LETTER");
            await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
            await Eventually.IsAsync(i, () => broken.Requests.Count);
            Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await Eventually.IsAsync("True", async () => (await acme.GetAsync(deaf.Path))["disabled"]);
        Assert.Equal("failing", (await acme.GetAsync(deaf.Path))["disabled_reason"]);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        await Eventually.IsAsync(11, () => desk.Requests.Count);
        Assert.All(desk.Types, type => Assert.Equal("delivery.dead_lettered", type));
        Assert.All(
            desk.News,
            each =>
                Assert.Equal(
                    ailing.Id,
                    each.GetProperty("data").GetProperty("endpoint_id").GetString()
                )
        );
    }

    [Fact]
    public async Task A_tenant_without_an_operational_endpoint_is_told_nothing()
    {
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(AddReceiver(410).Url);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DEAD_LETTER");
        var globex = await AddTenantAsync("globex");
        var desk = await NewsDesk.OpenAsync(globex, AddReceiver(), """["endpoint.*"]""");
        await globex.AddEndpointAsync(AddReceiver(500).Url, Failing);
        await globex.WaitForAsync(await globex.PostEventAsync(), "DEAD_LETTER");

        Assert.Equal(1, await acme.CountEventsAsync());
        Assert.Equal(1, await globex.CountEventsAsync());
        Assert.Empty(desk.News);
    }

    private static void AssertSigned(WireRequest request, string secret)
    {
        Assert.True(SigningSecret.TryParse(secret, out var parsed));
        Assert.True(
            long.TryParse(request["webhook-timestamp"], out var seconds),
            "The time of signing is missing."
        );
        var signed = WebhookSigner.Sign(
            [parsed],
            request["webhook-id"]!,
            DateTimeOffset.FromUnixTimeSeconds(seconds),
            request.Body
        );
        Assert.Equal(signed.WebhookSignature, request["webhook-signature"]);
        Assert.Equal(signed.StripeSignature, request["Stripe-Signature"]);
        Assert.DoesNotContain(
            secret,
            Encoding.UTF8.GetString(request.Body),
            StringComparison.Ordinal
        );
    }
}
