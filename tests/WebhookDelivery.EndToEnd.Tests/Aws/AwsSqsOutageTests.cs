using System.Text.Json.Nodes;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// SQS fails while events come in: all are accepted, and all come once it takes messages again. None
/// comes more often than SQS took a message of it.
/// </summary>
public sealed class AwsSqsOutageTests : AwsFaultTest
{
    private const int Events = 40;

    private static readonly Dictionary<string, ProxyRule> s_outages = new(StringComparer.Ordinal)
    {
        ["refuses"] = AwsFault.Refuse("InternalFailure", 500),
        ["throttles"] = AwsFault.Refuse("ThrottlingException"),
        ["hangs up"] = AwsFault.DropBefore(),
    };

    [Theory]
    [InlineData("refuses")]
    [InlineData("throttles")]
    [InlineData("hangs up")]
    public async Task Events_posted_while_SQS_takes_nothing_are_accepted_and_come_once_after(
        string sqs
    )
    {
        var tenants = await AddTenantsAsync();
        using (Sqs.On(IsSend, s_outages[sqs]))
        {
            await PostAllAsync(tenants);

            // The sweeper tries in vain: that must not end in its believing that all is sent.
            var before = Sent.Count;
            Clock.Advance(TimeSpan.FromMinutes(1));
            await Eventually.IsAsync(true, () => Sent.Count > before);
            Assert.Equal(0, Ledger.Received);
            var replayed = await PostBookedAsync(tenants[0], "marker-0", "key-0");
            Assert.Equal("true", replayed.Expect(201).Headers["Idempotency-Replayed"]);
        }

        await PumpUntilBalancedAsync();
        await DeliveredAsync(tenants);
        Assert.Equal(Copies(tenants), Ledger.Received);
    }

    [Fact]
    public async Task Entries_that_batches_leave_out_come_after_and_the_others_at_once()
    {
        var tenants = await AddTenantsAsync();
        using (Sqs.On("SendMessageBatch", AwsFault.FailEntries(IsOdd)))
        using (
            Sqs.On(
                request => request.Operation == "SendMessage" && IsOdd(request.Json()),
                AwsFault.Refuse("InternalFailure", 500)
            )
        )
        {
            await PostAllAsync(tenants);
            var even = Enumerable
                .Range(0, Events)
                .Where(i => i % 2 == 0)
                .Sum(i => tenants[i % tenants.Count].Endpoints.Count);
            await Eventually.IsAsync(even, () => Ledger.Received);
        }

        Assert.Contains(
            Sqs.Of("SendMessageBatch"),
            request => request.Json()["Entries"]!.AsArray().Any(entry => IsOdd(entry!.AsObject()))
        );
        await PumpUntilBalancedAsync();
        await DeliveredAsync(tenants);
        Assert.Equal(Copies(tenants), Ledger.Received);
    }

    [Fact]
    public async Task Messages_that_SQS_took_without_an_answer_come_no_more_often_than_it_took_them()
    {
        var tenants = await AddTenantsAsync();
        using (Sqs.On(IsSend, AwsFault.DropAfter()))
        {
            await PostAllAsync(tenants);
            await Eventually.IsAsync(0, () => Ledger.Imbalance().Count);
        }

        await DeliveredAsync(tenants);
        Assert.InRange(Ledger.Received, Copies(tenants), Sent.Count);
        foreach (var tenant in tenants)
        {
            foreach (var delivery in await DeliveriesAsync(tenant))
            {
                Assert.InRange(
                    delivery.Attempts,
                    1,
                    Sent.Count(each =>
                        each.Attempt == $"{delivery.EventId}#{delivery.EndpointId}#1#1"
                    )
                );
            }
        }
    }

    [Theory]
    [InlineData("requeue")]
    [InlineData("redeliver")]
    public async Task A_restart_whose_process_dies_before_it_sends_is_healed_after_the_grace(
        string how
    )
    {
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["1s"] """);
        var events = new[] { await acme.PostEventAsync(), await acme.PostEventAsync() };
        await AllAsync(acme, events, "FAILED");
        Clock.Advance(TimeSpan.FromSeconds(2));
        await AllAsync(acme, events, "DEAD_LETTER");
        receiver.AnswerWith(200);

        using (Sqs.On(IsSend, AwsFault.DropBefore()))
        {
            if (how == "requeue")
            {
                var answer = await acme.PostAsync("/v1/dead-letters/requeue", "{}");
                Assert.Equal("""{"requeued":2,"failed":0}""", answer.Expect(200).Text);
            }
            else
            {
                foreach (var id in events)
                {
                    (await acme.PostAsync($"/v1/events/{id}/redeliver")).Expect(202);
                }
            }

            await StopAsync();
        }

        await RestartAsync();
        await AllAsync(acme, events, "PENDING");
        await SweptAsync();
        Assert.Equal(4, receiver.Requests.Count);

        Clock.Advance(TimeSpan.FromMinutes(2));
        await AllAsync(acme, events, "DELIVERED");
        Assert.Equal(6, receiver.Requests.Count);
    }

    private static async Task AllAsync(TenantUser tenant, string[] events, string status)
    {
        foreach (var id in events)
        {
            await tenant.WaitForAsync(id, status);
        }
    }

    private static bool IsOdd(JsonObject entry) =>
        ((string)entry["MessageBody"]!).Split("\"marker-") is [_, var rest]
        && int.Parse(rest.Split('"')[0]) % 2 == 1;

    private static int Copies(List<BookedTenant> tenants) =>
        Enumerable.Range(0, Events).Sum(i => tenants[i % tenants.Count].Endpoints.Count);

    private async Task<List<BookedTenant>> AddTenantsAsync() =>
        [
            await AddBookedAsync("acme"),
            await AddBookedAsync("globex", endpoints: 2),
            await AddBookedAsync("initech"),
        ];

    /// <summary>Posts all at once, every third under a key; each must be accepted.</summary>
    private async Task PostAllAsync(List<BookedTenant> tenants)
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Events)
                .Select(i =>
                    PostBookedAsync(
                        tenants[i % tenants.Count],
                        $"marker-{i}",
                        i % 6 is 0 or 1 ? $"key-{i}" : null
                    )
                )
        );
        foreach (var answer in answers)
        {
            Assert.Equal("PENDING", answer.Expect(201)["status"]);
        }
    }

    private static async Task DeliveredAsync(List<BookedTenant> tenants)
    {
        foreach (var tenant in tenants)
        {
            await Eventually.IsAsync(
                await tenant.User.CountEventsAsync(),
                () => tenant.User.CountEventsAsync("&status=DELIVERED")
            );
        }

        Assert.Equal(
            Events,
            (await Task.WhenAll(tenants.Select(tenant => tenant.User.CountEventsAsync()))).Sum()
        );
    }

    private static async Task<
        IEnumerable<(string EventId, string EndpointId, int Attempts)>
    > DeliveriesAsync(BookedTenant tenant) =>
        (await tenant.User.GetAsync("/v1/events?limit=100"))
            .Json.GetProperty("data")
            .EnumerateArray()
            .SelectMany(each =>
                each.GetProperty("deliveries")
                    .EnumerateArray()
                    .Select(DeliveryView.Of)
                    .Select(view =>
                        (each.GetProperty("event_id").GetString()!, view.EndpointId, view.Attempts)
                    )
            );
}
