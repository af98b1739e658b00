using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// Whatever a receiver does, it comes to one attempt with a documented reason, within its deadline,
/// while its neighbour gets the same event at once.
/// </summary>
public abstract class HostileReceiverTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    [Theory]
    [InlineData("reset at once")]
    [InlineData("reset after the request")]
    [InlineData("close after the request")]
    [InlineData("part of a status line")]
    [InlineData("another protocol")]
    [InlineData("binary garbage")]
    [InlineData("status in letters")]
    [InlineData("endless headers")]
    [InlineData("flood of interim responses")]
    [InlineData("silence")]
    [InlineData("trickled status line")]
    [InlineData("redirect 307 to itself")]
    [InlineData("error page of 10 GB")]
    public async Task A_receiver_that_misbehaves_costs_one_bounded_attempt(string name)
    {
        var hostile = HostileReceivers.Named(name);

        var attempt = await AttemptAsync(hostile, "FAILED");

        var expected = Assert.Single(hostile.Outcomes);
        Assert.Equal(expected.Reason.ToCode(), attempt.Reason);
        Assert.Equal(expected.StatusCode, attempt.StatusCode);
    }

    [Theory]
    [InlineData("10 GB body", 512, 1024)]
    [InlineData("trickled body", 1, 40)]
    [InlineData("short body", 5, 5)]
    public async Task The_status_line_decides_whatever_the_body_does(
        string name,
        int least,
        int most
    )
    {
        var attempt = await AttemptAsync(HostileReceivers.Named(name), "DELIVERED");

        Assert.Equal(("delivered", 200), (attempt.Reason, attempt.StatusCode));
        // An engine may keep less of what a delivered event was answered with.
        Assert.InRange(attempt.Excerpt.Length, least, most);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_15_seconds_where_nothing_else_is_set()
    {
        var hung = Own(HostileReceivers.Named("silence").Start(TimeSpan.FromSeconds(15)));
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(hung.Url);
        var id = await acme.PostEventAsync();
        await Eventually.IsAsync(1, () => hung.RequestCount);

        Clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Equal("PENDING", (await acme.DeliveryAsync(id)).Status);
        Clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal("timeout", (await acme.WaitForAsync(id, "FAILED")).LastReason);
        Assert.InRange(Assert.Single(await acme.AttemptsAsync(id)).DurationMs, 15_000, 15_100);
    }

    [Fact]
    public async Task A_port_on_which_nobody_listens_is_a_failed_connection()
    {
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(new Uri($"http://127.0.0.1:{RawReceiver.UnusedPort()}/"));

        var failed = await acme.WaitForAsync(await acme.PostEventAsync(), "FAILED");

        Assert.Equal(("connect_failed", null), (failed.LastReason, failed.LastStatusCode));
    }

    private async Task<AttemptView> AttemptAsync(HostileReceiver receiver, string status)
    {
        var hostile = Own(receiver.Start(TimeSpan.FromSeconds(3)));
        var neighbour = AddReceiver();
        var acme = await AddTenantAsync();
        var bad = await acme.AddEndpointAsync(hostile.Url, """ "timeout_seconds":3 """);
        var good = await acme.AddEndpointAsync(neighbour.Url);

        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, good, "DELIVERED");
        await PumpAsync(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(10),
            async () => (await acme.DeliveryAsync(id, bad)).Status == status
        );

        Assert.Equal(1, (await acme.DeliveryAsync(id, bad)).Attempts);
        Assert.InRange(hostile.ConnectionCount, 1, 1);
        Assert.Single(neighbour.Requests);
        var attempts = await acme.AttemptsAsync(id);
        Assert.Equal(2, attempts.Count);
        var attempt = attempts.Single(each => each.StatusCode != 200 || each.Excerpt.Length > 0);
        Assert.InRange(attempt.DurationMs, 0, 3000);
        return attempt;
    }
}
