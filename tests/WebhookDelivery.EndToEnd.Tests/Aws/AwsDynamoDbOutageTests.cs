using System.Text;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// DynamoDB throttles writes, or does them and does not say so: nothing that cannot be stored is
/// accepted, nothing accepted is lost, and no outcome is forgotten or recorded twice.
/// </summary>
public sealed class AwsDynamoDbOutageTests : AwsFaultTest
{
    private const int Before = 12;
    private const int During = 8;

    [Fact]
    public async Task While_writes_are_throttled_events_are_refused_and_outcomes_kept()
    {
        var acme = await AddTenantAsync();
        var gate = new TaskCompletionSource();
        var receiver = AddReceiver();
        receiver.Answer = async request =>
        {
            Book("acme", request);
            await gate.Task;
            return WireReceiver.Ok;
        };
        await acme.AddEndpointAsync(receiver.Url);
        var booked = new BookedTenant(acme, ["acme"]);
        var accepted = await Task.WhenAll(
            Enumerable.Range(0, Before).Select(i => PostBookedAsync(booked, $"before-{i}"))
        );
        await Eventually.IsAsync(Before, () => receiver.Requests.Count);

        using (DynamoDb.On(IsWrite, AwsFault.Refuse("ProvisionedThroughputExceededException")))
        {
            var refused = await Task.WhenAll(
                Enumerable.Range(0, During).Select(i => PostBookedAsync(booked, $"{i}", Key(i)))
            );
            foreach (var answer in refused)
            {
                Assert.Equal("overloaded", answer.Expect(503)["code"]);
                Assert.InRange(int.Parse(answer.Headers["Retry-After"]), 1, 60);
            }

            gate.SetResult();
            await Eventually.IsAsync(Before, () => DynamoDb.Requests.Count(IsOutcome));
            await PumpAsync(
                TimeSpan.FromSeconds(1),
                TimeSpan.FromMinutes(1),
                () => Task.FromResult(DynamoDb.Requests.Count(IsOutcome) >= 2 * Before)
            );
            Assert.Equal(Before, await acme.CountEventsAsync("&status=PENDING"));
        }

        await PumpAsync(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(5),
            async () => await acme.CountEventsAsync("&status=DELIVERED") == Before
        );
        Assert.Equal(Before, Ledger.Received);
        foreach (var answer in accepted)
        {
            Assert.Single(await acme.AttemptsAsync(answer["event_id"]));
        }

        // What was refused left nothing behind, not even its key.
        for (var i = 0; i < During; i++)
        {
            var again = await PostBookedAsync(booked, $"{i}", Key(i));
            Assert.False(again.Expect(201).Headers.ContainsKey("Idempotency-Replayed"));
        }

        await PumpUntilBalancedAsync();
        Assert.Equal(Before + During, Ledger.Received);
        Assert.Equal(Before + During, await acme.CountEventsAsync());

        static string? Key(int i) => i % 2 == 0 ? $"key-{i}" : null;
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task An_event_whose_storing_was_not_answered_is_one_event(bool isKeyed, bool isCut)
    {
        await RetryingAsync();
        var acme = await AddBookedAsync("acme");
        var key = isKeyed ? "key" : null;
        Answer posted;
        using (DynamoDb.On("PutItem", Unanswered(isCut), times: isKeyed ? 2 : 1))
        {
            posted = (await PostBookedAsync(acme, "marker", key)).Expect(201);
        }

        Assert.False(posted.Headers.ContainsKey("Idempotency-Replayed"));
        await acme.User.WaitForAsync(posted["event_id"], "DELIVERED");
        if (isKeyed)
        {
            var again = await PostBookedAsync(acme, "marker", key);
            Assert.Equal(posted["event_id"], again.Expect(201)["event_id"]);
        }

        Assert.Equal(1, await acme.User.CountEventsAsync());
        Assert.Equal(1, Ledger.Received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_outcome_whose_storing_was_not_answered_is_stored_once(bool isCut)
    {
        await RetryingAsync();
        var receiver = AddReceiver(500, 500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["1m","1m"] """);
        string posted;
        using (DynamoDb.On(IsOutcome, Unanswered(isCut), times: 1))
        {
            posted = await acme.PostEventAsync();
            AdvanceTo((await acme.WaitForAsync(posted, "FAILED")).NextAttemptAt);
        }

        // So also where the outcome is not the first.
        using (DynamoDb.On(IsOutcome, Unanswered(isCut), times: 1))
        {
            AdvanceTo((await acme.WaitForAttemptsAsync(posted, 2)).NextAttemptAt);
        }

        var delivered = await acme.WaitForAsync(posted, "DELIVERED");
        Assert.Equal(3, delivered.Attempts);
        Assert.Equal(3, receiver.Requests.Count);
        Assert.Equal(
            [(1, 500), (2, 500), (3, 200)],
            (await acme.AttemptsAsync(posted)).Select(each => (each.Number, each.StatusCode))
        );
    }

    [Fact]
    public async Task An_outcome_that_is_answered_when_the_delivery_has_moved_on_sends_nothing()
    {
        await RetryingAsync();
        var receiver = AddReceiver(500, 500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["1m","1m"] """);
        var gate = new TaskCompletionSource();
        using var late = DynamoDb.On(
            IsOutcome,
            async (request, forward) =>
            {
                await forward(request);
                await gate.Task;
                return null;
            },
            times: 1
        );
        var posted = await acme.PostEventAsync();
        AdvanceTo((await acme.WaitForAttemptsAsync(posted, 1)).NextAttemptAt);
        var failed = await acme.WaitForAttemptsAsync(posted, 2);

        using var inside = await Engine.LookInsideAsync();
        gate.SetResult();
        await Eventually.IsAsync((0, 0), () => inside.CountAsync(inside.DueQueue));

        Assert.Equal(failed, await acme.DeliveryAsync(posted));
        AdvanceTo(failed.NextAttemptAt);
        Assert.Equal(3, (await acme.WaitForAsync(posted, "DELIVERED")).Attempts);
        Assert.Equal(["1", "2", "3"], Sent.Select(each => (string?)$"{each.Header["a"]}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sweeper_s_claim_that_was_not_answered_is_healed_after_the_grace(bool isCut)
    {
        await RetryingAsync();
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["1m"] """);
        using var unanswered = DynamoDb.On(IsClaim, Unanswered(isCut), times: 1);
        var posted = await acme.PostEventAsync();
        AdvanceTo((await acme.WaitForAsync(posted, "FAILED")).NextAttemptAt);
        await SweptAsync();
        Assert.Single(receiver.Requests);

        Clock.Advance(TimeSpan.FromMinutes(2));
        await acme.WaitForAsync(posted, "DELIVERED");
        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task An_outcome_that_meets_another_writer_is_stored_all_the_same()
    {
        var acme = await AddBookedAsync("acme");
        string posted;
        using (DynamoDb.On(IsOutcome, AwsFault.Refuse("ConditionalCheckFailedException"), times: 3))
        {
            posted = (await PostBookedAsync(acme, "marker")).Expect(201)["event_id"];
            await acme.User.WaitForAsync(posted, "DELIVERED");
        }

        Assert.Single(await acme.User.AttemptsAsync(posted));
        Assert.Equal(1, Ledger.Received);
    }

    private static ProxyRule Unanswered(bool isCut) =>
        isCut ? AwsFault.DropAfter() : AwsFault.RefuseAfter("InternalServerError");

    private static bool IsWrite(ProxiedRequest request) =>
        request.Operation is "PutItem" or "UpdateItem" or "BatchWriteItem" or "DeleteItem";

    /// <summary>Whether a request records an attempt.</summary>
    private static bool IsOutcome(ProxiedRequest request) =>
        IsUpdateOfDelivery(request) && Says(request, "list_append");

    /// <summary>Whether a request claims a delivery for a sweeper.</summary>
    private static bool IsClaim(ProxiedRequest request) =>
        IsUpdateOfDelivery(request) && Says(request, "\"SET #dueAt = :dueAt\"");

    private static bool IsUpdateOfDelivery(ProxiedRequest request) =>
        request.Operation == "UpdateItem" && Says(request, "#ep_");

    private static bool Says(ProxiedRequest request, string text) =>
        Encoding.UTF8.GetString(request.Body).Contains(text, StringComparison.Ordinal);

    /// <summary>Goes on with clients that repeat their calls, as they do in production.</summary>
    private async Task RetryingAsync()
    {
        Engine.ClientRetries = 3;
        await RestartAsync();
    }
}
