using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Listing an endpoint's deliveries, cancelling them, and requeueing by filter.</summary>
public abstract class DeliveryControlTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    [Fact]
    public async Task Cancel_BetweenAttempts_EndsTheScheduleUntilItIsRedelivered()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);
        var id = await acme.PostEventAsync();
        var failed = await acme.WaitForAsync(id, "FAILED");

        var cancelled = await CancelAsync(acme, id);

        Assert.Equal($"[\"{endpoint.Id}\"]", cancelled.Expect(200)["endpoint_ids"]);
        var delivery = await acme.DeliveryAsync(id);
        Assert.Equal(("CANCELLED", "cancelled"), (delivery.Status, delivery.LastReason));
        Assert.Null(delivery.NextAttemptAt);
        AdvanceTo(failed.NextAttemptAt);
        Clock.Advance(TimeSpan.FromMinutes(10));
        // What is posted afterwards comes; what was cancelled would have come before it.
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        Assert.Equal(1, receiver.Requests.Count(each => each["webhook-id"] == id));
        Assert.Equal("nothing_to_cancel", (await CancelAsync(acme, id)).Expect(409)["code"]);

        (await acme.PostAsync($"/v1/events/{id}/redeliver")).Expect(202);
        await acme.WaitForAsync(id, "DELIVERED");
        var read = Assert.Single(
            (await acme.EventAsync(id)).GetProperty("deliveries").EnumerateArray()
        );
        Assert.Equal(
            (2, "redeliver"),
            (read.GetProperty("generation").GetInt32(), read.GetProperty("source").GetString())
        );
    }

    [Fact]
    public async Task Cancel_AnAttemptUnderWay_IsRecordedAndMovesNothing()
    {
        var gate = new TaskCompletionSource<string>();
        var receiver = AddReceiver();
        receiver.Answer = _ => gate.Task;
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var id = await acme.PostEventAsync();
        await Eventually.IsAsync(1, () => receiver.Requests.Count);

        (await CancelAsync(acme, id)).Expect(200);
        gate.SetResult(WireReceiver.Status(500));

        await Eventually.IsAsync(1, async () => (await acme.AttemptsAsync(id)).Count);
        var delivery = await acme.DeliveryAsync(id);
        Assert.Equal(("CANCELLED", 0), (delivery.Status, delivery.Attempts));
    }

    [Fact]
    public async Task Cancel_OneEndpoint_LeavesTheOthersAlone()
    {
        var (one, other) = (AddReceiver(500), AddReceiver(500, 200));
        var acme = await AddTenantAsync();
        var first = await acme.AddEndpointAsync(one.Url);
        var second = await acme.AddEndpointAsync(other.Url);
        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, first, "FAILED");
        var failed = await acme.WaitForAsync(id, second, "FAILED");

        (await CancelAsync(acme, id, first)).Expect(200);
        AdvanceTo(failed.NextAttemptAt);

        await acme.WaitForAsync(id, second, "DELIVERED");
        Assert.Equal("CANCELLED", (await acme.DeliveryAsync(id, first)).Status);
        Assert.Single(one.Requests);
    }

    [Fact]
    public async Task Cancel_WhatIsParked_IsNotResumed()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "disabled":true """);
        var (gone, kept) = (await acme.PostEventAsync(), await acme.PostEventAsync());
        await acme.WaitForAsync(gone, "PARKED");
        await acme.WaitForAsync(kept, "PARKED");

        (await CancelAsync(acme, gone)).Expect(200);
        await acme.SetDisabledAsync(endpoint, false);

        await acme.WaitForAsync(kept, "DELIVERED");
        Assert.Equal("CANCELLED", (await acme.DeliveryAsync(gone)).Status);
        Assert.Equal([kept], receiver.Requests.Select(each => each["webhook-id"]));
    }

    [Fact]
    public async Task List_OfOneEndpoint_FiltersAndPages()
    {
        var receiver = AddReceiver();
        receiver.Answer = request =>
            Task.FromResult(
                request["webhook-event-type"]!.StartsWith("bad", StringComparison.Ordinal)
                    ? WireReceiver.Status(500)
                    : WireReceiver.Ok
            );
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        await acme.AddEndpointAsync(receiver.Url, """ "event_types":["none"] """);
        var ids = new List<string>();
        foreach (var type in new[] { "bad.one", "good", "bad.two", "bad.one" })
        {
            ids.Add(await acme.PostEventAsync($$"""{"type":"{{type}}"}"""));
            Clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        foreach (var id in ids)
        {
            await acme.WaitForAsync(id, id == ids[1] ? "DELIVERED" : "DEAD_LETTER");
        }

        await ListsAsync(acme, endpoint, "", 0, 1, 2, 3);
        await ListsAsync(acme, endpoint, "&status=DEAD_LETTER", 0, 2, 3);
        await ListsAsync(acme, endpoint, "&status=DEAD_LETTER&type=bad.one", 0, 3);
        await ListsAsync(acme, endpoint, "&status=DELIVERED,PENDING", 1);
        await ListsAsync(acme, endpoint, "&reason=http_status&type=bad.*", 0, 2, 3);
        await ListsAsync(acme, endpoint, "&reason=timeout");

        async Task ListsAsync(
            TenantUser tenant,
            EndpointRef of,
            string filter,
            params int[] expected
        )
        {
            // The index runs some moments behind on one of the engines.
            await Eventually.IsAsync(
                string.Join(' ', expected.Select(i => ids[i])),
                async () => string.Join(' ', await ListAsync(tenant, of, filter))
            );
        }
    }

    [Fact]
    public async Task Requeue_ByTypeAndReason_StartsThoseAndNoOthers()
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        var order = await acme.PostEventAsync("""{"type":"order.paid"}""");
        var user = await acme.PostEventAsync("""{"type":"user.left"}""");
        await acme.WaitForAsync(order, "DEAD_LETTER");
        await acme.WaitForAsync(user, "DEAD_LETTER");
        await Eventually.IsAsync(
            2,
            async () =>
                (await acme.GetAsync("/v1/dead-letters?reason=http_status"))
                    .Json.GetProperty("data")
                    .GetArrayLength()
        );
        receiver.AnswerWith(200);

        var none = await RequeueAsync(acme, """{"reasons":["timeout"]}""");
        var some = await RequeueAsync(
            acme,
            """{"event_types":["order.*"],"reasons":["http_status"]}"""
        );

        Assert.Equal("""{"requeued":0,"failed":0}""", none);
        Assert.Equal("""{"requeued":1,"failed":0}""", some);
        await acme.WaitForAsync(order, "DELIVERED");
        Assert.Equal("DEAD_LETTER", (await acme.DeliveryAsync(user)).Status);
    }

    private static Task<Answer> CancelAsync(
        TenantUser tenant,
        string id,
        EndpointRef? endpoint = null
    ) =>
        tenant.PostAsync(
            $"/v1/events/{id}/cancel",
            endpoint is null ? "{}" : $$"""{"endpoint_id":"{{endpoint.Id}}"}"""
        );

    private static async Task<string> RequeueAsync(TenantUser tenant, string body) =>
        (await tenant.PostAsync("/v1/dead-letters/requeue", body)).Expect(200).Text;

    private static async Task<List<string>> ListAsync(
        TenantUser tenant,
        EndpointRef endpoint,
        string filter
    )
    {
        var listed = new List<string>();
        var path = $"/v1/deliveries?endpoint_id={endpoint.Id}&limit=2{filter}";
        string? cursor = null;
        do
        {
            var page = (
                await tenant.GetAsync(path + (cursor is null ? "" : "&cursor=" + cursor))
            ).Expect(200);
            listed.AddRange(
                page.Json.GetProperty("data")
                    .EnumerateArray()
                    .Select(each => each.GetProperty("event_id").GetString()!)
            );
            cursor = page.Json.GetProperty("next_cursor")
                is { ValueKind: JsonValueKind.String } next
                ? next.GetString()
                : null;
        } while (cursor is not null);

        return listed;
    }
}
