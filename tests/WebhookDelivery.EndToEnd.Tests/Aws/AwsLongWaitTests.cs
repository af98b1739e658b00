using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// Waits as in production: up to 15 minutes as delayed messages, longer ones in `due-index`. SQS keeps
/// messages back by the test's clock.
/// </summary>
public sealed class AwsLongWaitTests : AwsFaultTest
{
    private static readonly TimeSpan s_lookAhead = TimeSpan.FromMinutes(1);

    public AwsLongWaitTests() => Setup = With("Aws:DelayMaxSeconds", "900");

    [Fact]
    public async Task Waits_of_16_minutes_and_3_days_rest_and_are_over_when_they_should_be()
    {
        await RestartAsync(
            Setup with
            {
                // Without jitter, which could make 16 minutes less than what a message can wait.
                Services = services => services.AddSingleton<IJitterSource>(new NoJitter()),
            }
        );
        Sqs.On(IsSend, KeepBackByClock);
        var receiver = AddReceiver(500, 500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["16m","3d"] """);
        var posted = await acme.PostEventAsync();

        var waits = new[] { TimeSpan.FromMinutes(16), TimeSpan.FromDays(3) };
        for (var attempts = 1; attempts <= waits.Length; attempts++)
        {
            var failed = await acme.WaitForAttemptsAsync(posted, attempts);
            var due = Clock.GetUtcNow() + waits[attempts - 1];
            Assert.Equal(("FAILED", due), (failed.Status, failed.NextAttemptAt));

            // Until the sweeper looks so far ahead there is no message of it.
            Clock.Advance(due - Clock.GetUtcNow() - s_lookAhead - TimeSpan.FromMilliseconds(1));
            await SweptAsync();
            Assert.Equal(attempts, Sent.Count);

            // Then there is one, which SQS keeps for what is left.
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Eventually.IsAsync(attempts + 1, () => Sent.Count);
            Assert.Equal(s_lookAhead.TotalSeconds, Sent[^1].DelaySeconds);
            Clock.Advance(s_lookAhead - TimeSpan.FromMilliseconds(1));
            Assert.Equal(failed, await acme.DeliveryAsync(posted));
            Assert.Equal(attempts, receiver.Requests.Count);

            Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Eventually.IsAsync(attempts + 1, () => receiver.Requests.Count);
        }

        await acme.WaitForAsync(posted, "DELIVERED");
        Assert.Equal([0, 60, 60], Sent.Select(each => each.DelaySeconds));
        await NothingIsHiddenForLongAsync();
    }

    [Fact]
    public async Task A_wait_that_the_clock_jumps_over_is_over_at_the_next_sweep()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["3d"] """);
        var posted = await acme.PostEventAsync();
        var failed = await acme.WaitForAttemptsAsync(posted, 1);
        var due = failed.NextAttemptAt!.Value;
        Assert.InRange((due - Clock.GetUtcNow()) / TimeSpan.FromDays(3), 0.9, 1.1);

        Clock.Advance(due - Clock.GetUtcNow() + TimeSpan.FromMinutes(7));
        await acme.WaitForAsync(posted, "DELIVERED");

        Assert.Equal([0, 0], Sent.Select(each => each.DelaySeconds));
        Assert.Equal(2, receiver.Requests.Count);
        await NothingIsHiddenForLongAsync();
    }

    [Fact]
    public async Task A_wait_of_5_minutes_is_one_message_that_SQS_keeps_for_5_minutes()
    {
        Sqs.On(IsSend, KeepBackByClock);
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["5m"] """);
        var posted = await acme.PostEventAsync();
        var failed = await acme.WaitForAttemptsAsync(posted, 1);
        await Eventually.IsAsync(2, () => Sent.Count);

        var wait = failed.NextAttemptAt!.Value - Clock.GetUtcNow();
        Assert.Equal(Math.Ceiling(wait.TotalSeconds), Sent[^1].DelaySeconds);
        Assert.InRange(Sent[^1].DelaySeconds, 270, 330);
        Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
        await SweptAsync();
        Assert.Single(receiver.Requests);

        Clock.Advance(TimeSpan.FromSeconds(1));
        await acme.WaitForAsync(posted, "DELIVERED");
        await SweptAsync();
        Assert.Equal(2, Sent.Count);
        Assert.Equal(2, receiver.Requests.Count);
        await NothingIsHiddenForLongAsync();
    }

    [Fact]
    public async Task A_retry_whose_message_SQS_refused_comes_when_the_grace_is_over()
    {
        var receiver = AddReceiver(500, 200);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":["5m"] """);
        DeliveryView failed;
        string posted;
        using (
            Sqs.On(
                request =>
                    IsSend(request) && SentMessage.Of(request).Any(each => each.DelaySeconds > 0),
                AwsFault.Refuse("InternalFailure", 500)
            )
        )
        {
            posted = await acme.PostEventAsync();
            failed = await acme.WaitForAttemptsAsync(posted, 1);
            await Eventually.IsAsync(2, () => Sent.Count);
        }

        var grace = failed.NextAttemptAt!.Value + TimeSpan.FromMinutes(2) - Clock.GetUtcNow();
        Clock.Advance(grace - TimeSpan.FromMilliseconds(1));
        await SweptAsync();
        Assert.Single(receiver.Requests);

        Clock.Advance(TimeSpan.FromMilliseconds(1));
        await acme.WaitForAsync(posted, "DELIVERED");
        Assert.Equal(2, receiver.Requests.Count);
    }

    /// <summary>Passes messages on when SQS would hand them out, and lets the sender wait until then.</summary>
    private async Task<ProxiedResponse?> KeepBackByClock(
        ProxiedRequest request,
        Func<ProxiedRequest, Task<ProxiedResponse>> forward
    )
    {
        var body = request.Json();
        var delay = SentMessage.Of(request).Max(each => each.DelaySeconds);
        if (delay == 0)
        {
            return await forward(request);
        }

        await Task.Delay(TimeSpan.FromSeconds(delay), Clock);
        foreach (var entry in SentMessage.Entries(body))
        {
            entry.Remove("DelaySeconds");
        }

        return await forward(request with { Body = Encoding.UTF8.GetBytes(body.ToJsonString()) });
    }

    /// <summary>A message that waits is never one that a consumer holds.</summary>
    private async Task NothingIsHiddenForLongAsync()
    {
        await StopAsync();
        var changes = Sqs
            .Requests.Where(request =>
                request.Operation is "ChangeMessageVisibility" or "ChangeMessageVisibilityBatch"
            )
            .SelectMany(request => SentMessage.Entries(request.Json()));
        Assert.DoesNotContain(changes, entry => (int?)entry["VisibilityTimeout"] != 0);
    }

    private sealed class NoJitter : IJitterSource
    {
        public double Next() => 0;
    }
}
