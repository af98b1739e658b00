using WebhookDelivery.Signatures;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// Two servers on the same tables and queues. What one changes the other does too, 10 s later at most;
/// the work is shared, and done once.
/// </summary>
public sealed class AwsTwoServersTests : AwsFaultTest
{
    private static readonly TimeSpan s_cached = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http = new();

    [Fact]
    public async Task Events_posted_to_both_come_once_and_their_retries_too()
    {
        await using var other = await Engine.StartAsync(Setup);
        var acme = await AddBookedAsync("acme", endpoints: 2);
        var failing = await AddTenantAsync("globex");
        var receiver = AddReceiver([.. Enumerable.Repeat(500, 20), 200]);
        await failing.AddEndpointAsync(receiver.Url, """ "retry_schedule":["1m"] """);

        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    PostBookedAsync(
                        i % 2 == 0 ? acme : acme with { User = At(other, acme.User) },
                        $"marker-{i}"
                    )
                )
        );
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => (i % 2 == 0 ? failing : At(other, failing)).PostEventAsync())
        );
        await Eventually.IsAsync(0, () => Ledger.Imbalance().Count);
        await Eventually.IsAsync(20, () => failing.CountEventsAsync("&status=FAILED"));

        // Both sweepers find all 20 at once.
        Clock.Advance(TimeSpan.FromMinutes(1.1));
        await Eventually.IsAsync(20, () => failing.CountEventsAsync("&status=DELIVERED"));
        await SweptAsync();

        Assert.Equal(80, Ledger.Received);
        Assert.Equal(40, receiver.Requests.Count);
        Assert.Equal(Sent.Count, Sent.DistinctBy(each => each.Attempt).Count());
    }

    [Theory]
    [InlineData("disable", "PARKED")]
    [InlineData("delete", "CANCELLED")]
    public async Task An_endpoint_s_end_on_one_server_ends_what_waits_on_the_other(
        string end,
        string status
    )
    {
        await using var worker = await StartWorkerAsync();
        var gate = new TaskCompletionSource<string>();
        var receiver = AddReceiver();
        receiver.Answer = _ => gate.Task;
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "max_in_flight":1 """);
        var first = await acme.PostEventAsync();
        await Eventually.IsAsync(1, () => receiver.Requests.Count);
        var waiting = await acme.PostEventAsync();
        using var inside = await Engine.LookInsideAsync();
        await Eventually.IsAsync((0, 2), () => inside.CountAsync(inside.DueQueue));

        if (end == "disable")
        {
            await acme.SetDisabledAsync(endpoint, true);
        }
        else
        {
            (await acme.DeleteAsync(endpoint.Path)).Expect(204);
        }

        Clock.Advance(s_cached);
        gate.SetResult(WireReceiver.Ok);

        await acme.WaitForAsync(waiting, status);
        Assert.Single(receiver.Requests);
        if (end == "disable")
        {
            await acme.WaitForAsync(first, "DELIVERED");
            await acme.SetDisabledAsync(endpoint, false);
            Clock.Advance(s_cached);
            await acme.WaitForAsync(waiting, "DELIVERED");
            Assert.Equal([first, waiting], receiver.Requests.Select(each => each["webhook-id"]));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_endpoint_s_end_on_one_server_is_known_to_the_other_within_10_seconds(
        bool isDeleted
    )
    {
        await using var worker = await StartWorkerAsync();
        var receiver = AddReceiver(500);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(
            receiver.Url,
            """ "retry_schedule":["1s","1m"] """
        );
        var posted = await acme.PostEventAsync();
        await acme.WaitForAttemptsAsync(posted, 1);

        if (isDeleted)
        {
            (await acme.DeleteAsync(endpoint.Path)).Expect(204);
        }
        else
        {
            await acme.SetDisabledAsync(endpoint, true);
        }

        Clock.Advance(TimeSpan.FromMinutes(1.2));
        await acme.WaitForAsync(posted, isDeleted ? "CANCELLED" : "PARKED");
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_secret_rotated_on_one_server_signs_on_the_other_within_10_seconds()
    {
        await using var worker = await StartWorkerAsync();
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");

        var rotated = await acme.PostAsync(
            endpoint.Path + "/rotate-secret",
            """{"overlap_seconds":0}"""
        );
        var secret = rotated.Expect(200)["secret"];
        Clock.Advance(s_cached);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");

        Assert.Equal([false, true], receiver.Requests.Select(each => IsSigned(each, secret)));
        Assert.Equal(
            [true, false],
            receiver.Requests.Select(each => IsSigned(each, endpoint.Secret))
        );
    }

    [Fact]
    public async Task An_endpoint_made_on_one_server_is_delivered_to_by_the_other_at_once()
    {
        await using var worker = await StartWorkerAsync();
        var acme = await AddBookedAsync("acme");
        await PostBookedAsync(acme, "first");
        await Eventually.IsAsync(0, () => Ledger.Imbalance().Count);

        var receiver = AddReceiver();
        var second = await acme.User.AddEndpointAsync(receiver.Url);
        var posted = (await PostBookedAsync(acme, "second")).Expect(201)["event_id"];

        await acme.User.WaitForAsync(posted, second, "DELIVERED");
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_key_revoked_on_one_server_is_refused_by_the_other_within_10_seconds()
    {
        await using var other = await Engine.StartAsync(Setup);
        var acme = await AddTenantAsync();
        var keys = "/v1/tenants/acme/api-keys";
        var made = (await Operator.PostAsync(keys, "{}")).Expect(201);
        var there = new ApiCaller(_http, () => other.Url, made["api_key"]);
        (await there.GetAsync("/v1/events")).Expect(200);

        (await Operator.DeleteAsync($"{keys}/{made["key_id"]}")).Expect(204);
        var here = new ApiCaller(_http, () => BaseUrl, made["api_key"]);
        (await here.GetAsync("/v1/events")).Expect(401);
        Clock.Advance(s_cached);

        Assert.Equal("unauthorized", (await there.GetAsync("/v1/events")).Expect(401)["code"]);
        (await At(other, acme).GetAsync("/v1/events")).Expect(200);
    }

    [Fact]
    public async Task A_tenant_deleted_on_one_server_is_gone_on_the_other_within_10_seconds()
    {
        await using var other = await Engine.StartAsync(Setup);
        var acme = await AddBookedAsync("acme");
        var there = At(other, acme.User);
        (await there.PostEventAsync("""{"marker":"none"}"""u8.ToArray(), "key")).Expect(201);

        (await Operator.DeleteAsync("/v1/tenants/acme")).Expect(204);
        Clock.Advance(s_cached);

        (await there.PostEventAsync("""{"marker":"none"}"""u8.ToArray(), "key")).Expect(401);
        (await there.GetAsync("/v1/events")).Expect(401);
    }

    /// <summary>Goes on with a server that attempts nothing, and starts another one that does.</summary>
    private async Task<IRunningServer> StartWorkerAsync()
    {
        var working = Setup;
        await RestartAsync(With("Delivery:Paused", "true"));
        return await Engine.StartAsync(working);
    }

    /// <summary>The same tenant's system, calling another server.</summary>
    private TenantUser At(IRunningServer server, TenantUser tenant) =>
        new(_http, () => server.Url, tenant.Id, tenant.Key);

    private bool IsSigned(WireRequest request, string text)
    {
        Assert.True(SigningSecret.TryParse(text, out var secret));
        var headers = new SignatureHeaders(
            request["Stripe-Signature"],
            request["webhook-id"],
            request["webhook-timestamp"],
            request["webhook-signature"]
        );
        return new WebhookVerifier([secret], timeProvider: Clock).Verify(headers, request.Body)
            is VerificationResult.Verified;
    }
}
