using System.Text;
using System.Text.Json;
using WebhookDelivery.Signatures;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>The published functions on the emulators, from a request to a delivery.</summary>
public sealed class FunctionTests : IAsyncLifetime
{
    private const string Payload = "{ \"type\":\"order.created\", \"note\":\"\u00e9 <&>\" }";

    private readonly WireReceiver _receiver = WireReceiver.Start();
    private AwsHome _home = null!;
    private FunctionProcess _api = null!;
    private string _secret = "";

    public async ValueTask InitializeAsync()
    {
        _home = await AwsHome.OpenAsync();
        _api = await _home.StartAsync("Api", _receiver.Url.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _home.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Event_PostedToTheApi_IsDeliveredByTheWorker()
    {
        var key = await CreateTenantAsync();
        var accepted = await CallAsync("POST", "/events", key, Payload);
        Assert.Equal(201, accepted.Status);
        using var body = JsonDocument.Parse(accepted.Text);
        var id = body.RootElement.GetProperty("event_id").GetString();
        var messages = await _home.ReceiveAsync();

        await using var worker = await _home.StartAsync("Worker", _receiver.Url.Port);
        var end = await worker.Lambda.InvokeAsync(
            SqsEventJson.Of([
                .. messages.Select(each => (each.MessageId, each.Body)),
                ("junk", "nonsense"),
            ])
        );

        Assert.Equal("""{"batchItemFailures":[{"itemIdentifier":"junk"}]}""", end.Text);
        var request = Assert.Single(_receiver.Requests);
        Assert.Equal(Encoding.UTF8.GetBytes(Payload), request.Body);
        Assert.Contains(KeyValuePair.Create("webhook-id", id!), request.Headers);
        var headers = request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase);
        Assert.True(SigningSecret.TryParse(_secret, out var secret));
        Assert.IsType<VerificationResult.Verified>(
            StripeSignature.Verify(
                [secret],
                headers["Stripe-Signature"],
                request.Body,
                DateTimeOffset.UtcNow,
                TimeSpan.FromMinutes(5)
            )
        );
        var stored = await CallAsync("GET", $"/v1/events/{id}", key);
        Assert.Contains("\"status\":\"DELIVERED\"", stored.Text, StringComparison.Ordinal);

        // What the worker counted is stored when its invocation ends, as its batch was not full.
        var counted = await CallAsync("GET", "/v1/stats", key);
        Assert.Contains(
            "\"accepted\":1,\"deliveries\":1,\"delivered\":1,",
            counted.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task DeadLetters_FiveOfThem_AreRequeuedByTheProcessor()
    {
        _receiver.AnswerWith(410);
        var key = await CreateTenantAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(201, (await CallAsync("POST", "/events", key, Payload)).Status);
        }

        await using var worker = await _home.StartAsync("Worker", _receiver.Url.Port);
        var messages = await _home.ReceiveAsync();
        var delivered = await worker.Lambda.InvokeAsync(
            SqsEventJson.Of([.. messages.Select(each => (each.MessageId, each.Body))])
        );
        Assert.Equal("""{"batchItemFailures":[]}""", delivered.Text);

        await using var processor = await _home.StartAsync("DlqProcessor", _receiver.Url.Port);
        var end = await processor.Lambda.InvokeAsync("""{"batchSize":10,"maxMessages":100}""");
        var again = await processor.Lambda.InvokeAsync("""{"tenantId":"-","x":1}""");

        Assert.Equal("""{"statusCode":200,"body":"{\"requeued\":5,\"failed\":0}"}""", end.Text);
        Assert.StartsWith("""{"statusCode":400,"body":"{\"errors\":{""", again.Text);
    }

    [Fact]
    public async Task Sweeper_NothingToDo_SaysSo()
    {
        await CreateTenantAsync();
        await using var sweeper = await _home.StartAsync("Sweeper", _receiver.Url.Port);

        var end = await sweeper.Lambda.InvokeAsync("""{"source":"aws.events"}""");

        Assert.Equal(
            """{"finished":true,"overdue":0,"resumed":0,"recovered":0,"cancelled":0,"expired":0,"erased":0}""",
            end.Text
        );
    }

    [Fact]
    public async Task IdempotencyKey_WithCommas_IsOneKey()
    {
        var key = await CreateTenantAsync();
        var headers = new Dictionary<string, string> { ["idempotency-key"] = "a,b, c" };

        var first = await CallAsync("POST", "/v1/events", key, Payload, headers);
        var second = await CallAsync("POST", "/v1/events", key, Payload, headers);

        Assert.Equal(201, first.Status);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal("true", second.Headers["Idempotency-Replayed"]);
    }

    private async Task<string> CreateTenantAsync()
    {
        var answer = await CallAsync(
            "POST",
            "/v1/tenants",
            _home.AdminKey,
            $$"""{"tenant_id":"acme","target_url":"{{_receiver.Url}}"}"""
        );
        Assert.True(answer.Status == 201, answer.Text + _api.Process.Transcript);
        using var body = JsonDocument.Parse(answer.Text);
        _secret = body.RootElement.GetProperty("endpoint").GetProperty("secret").GetString()!;
        return body.RootElement.GetProperty("api_key").GetString()!;
    }

    private async Task<HttpApiAnswer> CallAsync(
        string method,
        string path,
        string key,
        string? body = null,
        Dictionary<string, string>? headers = null
    )
    {
        var all = new Dictionary<string, string>(headers ?? [], StringComparer.Ordinal)
        {
            ["authorization"] = $"Bearer {key}",
            ["content-type"] = "application/json",
        };
        return new HttpApiAnswer(
            await _api.Lambda.InvokeAsync(HttpApiEvent.Of(method, path, body, all))
        );
    }
}
