using System.Text;

namespace WebhookDelivery.Server;

/// <summary>The scenes of the demo, in order.</summary>
internal sealed class DemoScenes(
    DemoServer server,
    DemoReceiver receiver,
    ApiClient api,
    Timeline timeline,
    Claims claims
)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(40);

    private string _acme = "";
    private string _globex = "";
    private string _ordersEvent = "";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SetUpAsync(cancellationToken);
        await FirstAttemptAsync(cancellationToken);
        await FailTwiceAsync(cancellationToken);
        await DeadLetterAsync(cancellationToken);
        await IdempotencyAsync(cancellationToken);
        await TamperingAsync(cancellationToken);
        await IsolationAsync(cancellationToken);
    }

    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        timeline.Say("tenant acme with three endpoints, tenant globex with one");
        _acme = (await CreateTenantAsync("""{"tenant_id":"acme"}""", cancellationToken))["api_key"];
        await AddEndpointAsync("orders", "order.*", """["1s"]""", cancellationToken);
        await AddEndpointAsync(
            "flaky",
            "flaky.*",
            """["200ms","400ms","800ms"]""",
            cancellationToken
        );
        await AddEndpointAsync("down", "down.*", """["150ms","300ms"]""", cancellationToken);
        var globex = await CreateTenantAsync(
            $$"""{"tenant_id":"globex","target_url":"{{receiver.UrlOf("globex")}}"}""",
            cancellationToken
        );
        _globex = globex["api_key"];
        receiver.Trust(
            "globex",
            globex.Json.GetProperty("endpoint").GetProperty("secret").GetString()!
        );
    }

    private async Task FirstAttemptAsync(CancellationToken cancellationToken)
    {
        timeline.Scene("1. Delivered at the first attempt");
        const string Body = """{ "type": "order.created",  "order_id": 42, "total": 19.90 }""";
        _ordersEvent = await PostAsync(_acme, "acme", Body, cancellationToken);
        var status = await SettleAsync(_acme, _ordersEvent, "DELIVERED", cancellationToken);
        var got = receiver.CapturesOf("orders");
        claims.Check("the event is DELIVERED", status == "DELIVERED");
        claims.Check(
            "the receiver verified it once, byte for byte as it was posted",
            got is [{ StatusCode: 204 } only] && Encoding.UTF8.GetString(only.Body) == Body
        );
        claims.Check(
            "it carried both signatures, Stripe-style and Standard Webhooks",
            got.All(each =>
                each.Headers.ContainsKey("Stripe-Signature")
                && each.Headers.ContainsKey("webhook-signature")
            )
        );
    }

    private async Task FailTwiceAsync(CancellationToken cancellationToken)
    {
        timeline.Scene("2. Fails twice, then succeeds (schedule 200ms, 400ms, 800ms)");
        receiver.Break("flaky", times: 2);
        var id = await PostAsync(_acme, "acme", """{"type":"flaky.ping"}""", cancellationToken);
        var status = await SettleAsync(_acme, id, "DELIVERED", cancellationToken);
        var got = receiver.CapturesOf("flaky");
        claims.Check(
            "it is DELIVERED at the third attempt",
            status == "DELIVERED" && got.Count == 3
        );
        claims.Check(
            "every attempt has the same webhook-id",
            got.All(each => each.WebhookId == id)
        );
        claims.Check(
            "the waits grow as scheduled, within 10 % of jitter",
            got.Count == 3
                && (got[1].At - got[0].At).TotalMilliseconds >= 0.9 * 200
                && (got[2].At - got[1].At).TotalMilliseconds >= 0.9 * 400
        );
    }

    private async Task DeadLetterAsync(CancellationToken cancellationToken)
    {
        timeline.Scene("3. Uses its schedule up, is dead-lettered, requeued and delivered");
        receiver.Break("down", int.MaxValue);
        var id = await PostAsync(_acme, "acme", """{"type":"down.ping"}""", cancellationToken);
        var status = await SettleAsync(_acme, id, "DEAD_LETTER", cancellationToken);
        claims.Check(
            "after 3 attempts it is a DEAD_LETTER",
            status == "DEAD_LETTER" && receiver.CapturesOf("down").Count == 3
        );

        var listed = await api.GetAsync("/v1/dead-letters", _acme, cancellationToken);
        claims.Check(
            "GET /v1/dead-letters lists it",
            listed.Text.Contains(id, StringComparison.Ordinal)
        );

        receiver.Mend("down");
        timeline.Say("the receiver is mended; the operator requeues");
        var requeue = await api.PostAsync(
            "/v1/admin/dead-letters/requeue",
            server.OperatorKey,
            """{"tenant_id":"acme"}""",
            cancellationToken
        );
        claims.Check(
            "the admin requeue answers requeued 1, failed 0",
            requeue["requeued"] == "1" && requeue["failed"] == "0"
        );
        status = await SettleAsync(_acme, id, "DELIVERED", cancellationToken);
        claims.Check("it is DELIVERED", status == "DELIVERED");
    }

    private async Task IdempotencyAsync(CancellationToken cancellationToken)
    {
        timeline.Scene("4. The same Idempotency-Key twice");
        const string Body = """{"type":"order.paid","order_id":42}""";
        var first = await api.PostAsync("/v1/events", _acme, Body, cancellationToken, "order-42");
        timeline.Watch("acme", _acme, first["event_id"]);
        await SettleAsync(_acme, first["event_id"], "DELIVERED", cancellationToken);
        var before = await CountEventsAsync(cancellationToken);
        var second = await api.PostAsync("/v1/events", _acme, Body, cancellationToken, "order-42");
        claims.Check(
            "the second POST gives the first answer again, marked as replayed",
            second is { Status: 201, Replayed: true } && second.Text == first.Text
        );
        claims.Check(
            "it created no event and no delivery",
            await CountEventsAsync(cancellationToken) == before
                && receiver.CapturesOf("orders").Count(each => each.WebhookId == first["event_id"])
                    == 1
        );
        var other = await api.PostAsync(
            "/v1/events",
            _acme,
            """{"type":"order.paid","order_id":43}""",
            cancellationToken,
            "order-42"
        );
        claims.Check(
            "another body under the same key is refused (422)",
            other.Status == 422 && other["code"] == "idempotency_key_reused"
        );
    }

    private async Task TamperingAsync(CancellationToken cancellationToken)
    {
        timeline.Scene("5. A tampered body");
        var original = receiver.CapturesOf("orders")[0];
        var body = (byte[])original.Body.Clone();
        body[Array.IndexOf(body, (byte)'4')] = (byte)'9';
        timeline.Say("a captured delivery is sent again with order 42 turned into 92");
        var refused = await ReplayAsync(original with { Body = body }, cancellationToken);
        claims.Check("the receiver's verifier rejects it (401)", refused == 401);
        var accepted = await ReplayAsync(original, cancellationToken);
        claims.Check(
            "untampered it verifies, and is recognised as a duplicate (200)",
            accepted == 200
        );
    }

    private async Task IsolationAsync(CancellationToken cancellationToken)
    {
        timeline.Scene("6. Two tenants, isolated");
        var id = await PostAsync(
            _globex,
            "globex",
            """{"type":"order.created"}""",
            cancellationToken
        );
        await SettleAsync(_globex, id, "DELIVERED", cancellationToken);
        claims.Check(
            "globex's event reached globex alone",
            receiver.CapturesOf("globex") is [{ StatusCode: 204 }]
                && receiver.CapturesOf("orders").All(each => each.WebhookId != id)
        );
        var foreign = await api.GetAsync($"/v1/events/{id}", _acme, cancellationToken);
        var unknown = await api.GetAsync(
            "/v1/events/evt_00000000000000000000000000",
            _acme,
            cancellationToken
        );
        claims.Check(
            "to acme, globex's event answers exactly as an unknown id (404)",
            foreign.Status == 404 && foreign.Text == unknown.Text
        );
        var listed = await api.GetAsync("/v1/events", _acme, cancellationToken);
        claims.Check(
            "acme's list does not show it",
            listed.Status == 200 && !listed.Text.Contains(id, StringComparison.Ordinal)
        );
    }

    private async Task<ApiAnswer> CreateTenantAsync(
        string body,
        CancellationToken cancellationToken
    ) =>
        (await api.PostAsync("/v1/tenants", server.OperatorKey, body, cancellationToken)).Expect(
            201
        );

    private async Task AddEndpointAsync(
        string route,
        string eventTypes,
        string schedule,
        CancellationToken cancellationToken
    )
    {
        var answer = await api.PostAsync(
            "/v1/endpoints",
            _acme,
            $$"""{"url":"{{receiver.UrlOf(route)}}","event_types":["{{eventTypes}}"],"retry_schedule":{{schedule}}}""",
            cancellationToken
        );
        receiver.Trust(route, answer.Expect(201)["secret"]);
    }

    private async Task<string> PostAsync(
        string key,
        string tenant,
        string body,
        CancellationToken cancellationToken
    )
    {
        var answer = await api.PostAsync("/v1/events", key, body, cancellationToken);
        var id = answer.Expect(201)["event_id"];
        timeline.Watch(tenant, key, id);
        return id;
    }

    /// <summary>Waits until the event has this status, printing attempts meanwhile.</summary>
    private async Task<string> SettleAsync(
        string key,
        string eventId,
        string wanted,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var answer = await api.GetAsync($"/v1/events/{eventId}", key, cancellationToken);
            await timeline.RefreshAsync(cancellationToken);
            if (answer.Expect(200)["status"] == wanted)
            {
                return wanted;
            }

            await Task.Delay(s_poll, cancellationToken);
        }
    }

    private async Task<int> CountEventsAsync(CancellationToken cancellationToken)
    {
        var answer = await api.GetAsync("/v1/events?limit=100", _acme, cancellationToken);
        return answer.Expect(200).Json.GetProperty("data").GetArrayLength();
    }

    private async Task<int> ReplayAsync(Capture capture, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, receiver.UrlOf("orders"))
        {
            Content = new ByteArrayContent(capture.Body),
        };
        foreach (var (name, value) in capture.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, cancellationToken);
        return (int)response.StatusCode;
    }
}
