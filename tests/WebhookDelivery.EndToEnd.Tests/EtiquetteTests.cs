using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What a receiver can ask for by its answer, and what an operator sees of that.</summary>
public abstract class EtiquetteTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private const string Disable = "webhook-delivery: disable";
    private const string Abort = "webhook-delivery: abort-message";

    [Fact]
    public async Task Disable_on_a_2xx_delivers_and_disables_the_endpoint()
    {
        var receiver = AddReceiver();
        Answer(receiver, 200, Disable);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        await DisabledAsync(acme, endpoint);
        var next = await acme.PostEventAsync();
        await acme.WaitForAsync(next, "PARKED");

        Assert.Single(receiver.Requests);
        receiver.AnswerWith(200);
        await acme.SetDisabledAsync(endpoint, false);
        await acme.WaitForAsync(next, "DELIVERED");
        Assert.DoesNotContain(
            "disabled_by_receiver",
            (await acme.GetAsync(endpoint.Path)).Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(500, "X-Nothing: 1", "http_status", 53.9, 66.1)]
    [InlineData(429, "Retry-After: 300", "throttled", 299.9, 300.1)]
    public async Task Disable_on_a_failure_leaves_the_delivery_to_its_schedule_and_parks_it_when_due(
        int status,
        string header,
        string reason,
        double least,
        double most
    )
    {
        var receiver = AddReceiver();
        Answer(receiver, status, Disable.ToUpperInvariant(), header);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync();
        var failed = await acme.WaitForAsync(id, "FAILED");
        await DisabledAsync(acme, endpoint);

        Assert.Equal(reason, failed.LastReason);
        var wait = failed.NextAttemptAt!.Value - Clock.GetUtcNow();
        Assert.InRange(wait.TotalSeconds, least, most);
        AdvanceTo(failed.NextAttemptAt);
        Assert.Equal("endpoint_disabled", (await acme.WaitForAsync(id, "PARKED")).LastReason);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Disable_from_an_url_that_was_corrected_meanwhile_means_the_old_one()
    {
        var (old, @new) = (AddReceiver(), AddReceiver());
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(old.Url);
        old.Answer = async _ =>
        {
            (await acme.PatchAsync(endpoint.Path, $$"""{"url":"{{@new.Url}}"}""")).Expect(200);
            return WireReceiver.Status(500, Disable);
        };

        var id = await acme.PostEventAsync();
        var failed = await acme.WaitForAsync(id, "FAILED");
        AdvanceTo(failed.NextAttemptAt);
        await acme.WaitForAsync(id, "DELIVERED");

        Assert.Equal("False", (await acme.GetAsync(endpoint.Path))["disabled"]);
        Assert.Single(@new.Requests);
    }

    [Theory]
    [InlineData(422)]
    [InlineData(503)]
    public async Task Abort_message_ends_the_delivery_at_once_and_a_requeue_begins_anew(int status)
    {
        var receiver = AddReceiver();
        Answer(receiver, status, "Retry-After: 60", Abort);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync();
        var dead = await acme.WaitForAsync(id, "DEAD_LETTER");

        Assert.Equal((1, status, "aborted"), (dead.Attempts, dead.LastStatusCode, dead.LastReason));
        Assert.Equal("aborted", Assert.Single(await acme.AttemptsAsync(id)).Reason);
        Assert.Contains(
            "\"last_reason\":\"aborted\"",
            (await acme.GetAsync("/v1/dead-letters")).Expect(200).Text,
            StringComparison.Ordinal
        );
        Assert.Equal("False", (await acme.GetAsync(endpoint.Path))["disabled"]);
        receiver.AnswerWith(200);
        (await acme.PostAsync("/v1/dead-letters/requeue")).Expect(200);
        await acme.WaitForAsync(id, "DELIVERED");
    }

    [Theory]
    [InlineData(200, "abort-message", "DELIVERED")]
    [InlineData(500, "please, stop", "FAILED")]
    [InlineData(500, "later, Abort-Message, disable, abort-message", "DEAD_LETTER")]
    public async Task The_header_is_a_list_of_words_of_which_unknown_ones_mean_nothing(
        int status,
        string words,
        string expected
    )
    {
        var receiver = AddReceiver();
        Answer(receiver, status, $"Webhook-Delivery: {words}");
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, expected);

        if (words.Contains("disable", StringComparison.Ordinal))
        {
            await DisabledAsync(acme, endpoint);
        }

        Assert.Equal(
            words,
            Assert.Single(await acme.AttemptsAsync(id)).Headers["webhook-delivery"]
        );
    }

    [Fact]
    public async Task What_was_answered_is_shown_with_the_attempt_without_credentials()
    {
        const string body = "{\"error\":\"no such order\"}";
        var receiver = AddReceiver();
        receiver.Answer = _ =>
            Task.FromResult(
                string.Join(
                    "\r\n",
                    "HTTP/1.1 404 Not Found",
                    "Server: nginx",
                    "Date: Sun, 01 Mar 2026 12:01:00 GMT",
                    "Content-Type: application/json",
                    "X-Request-Id: 7",
                    "Set-Cookie: sid=hush",
                    "WWW-Authenticate: Bearer hush",
                    $"Content-Length: {body.Length}",
                    "",
                    body
                )
            );
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var id = await acme.PostEventAsync();
        await acme.WaitForAsync(id, "FAILED");

        var attempt = Assert.Single(await acme.AttemptsAsync(id));
        Assert.Equal(body, attempt.Excerpt);
        Assert.Equal(
            [
                new("content-type", "application/json"),
                new("server", "nginx"),
                new("set-cookie", "[redacted]"),
                new("www-authenticate", "[redacted]"),
                new("x-request-id", "7"),
            ],
            attempt.Headers.OrderBy(each => each.Key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Retries_of_what_failed_together_do_not_come_together()
    {
        const int count = 30;
        var receiver = AddReceiver(404);
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(await acme.PostEventAsync());
        }

        var waits = new List<double>();
        foreach (var id in ids)
        {
            var failed = await acme.WaitForAsync(id, "FAILED");
            waits.Add((failed.NextAttemptAt!.Value - Clock.GetUtcNow()).TotalSeconds);
        }

        Assert.All(waits, wait => Assert.InRange(wait, 53.9, 66.1));
        // Of 30 draws from 12 seconds, all within 4 is a chance of less than 1 in a trillion.
        Assert.InRange(waits.Max() - waits.Min(), 4, 12.1);
        Assert.InRange(waits.Distinct().Count(), count - 5, count);
    }

    private static void Answer(WireReceiver receiver, int status, params string[] headers) =>
        receiver.Answer = _ => Task.FromResult(WireReceiver.Status(status, headers));

    private static async Task DisabledAsync(TenantUser tenant, EndpointRef endpoint)
    {
        await Eventually.IsAsync(
            "True",
            async () => (await tenant.GetAsync(endpoint.Path))["disabled"]
        );
        Assert.Equal(
            "disabled_by_receiver",
            (await tenant.GetAsync(endpoint.Path))["disabled_reason"]
        );
    }
}
