using System.Text;
using System.Text.RegularExpressions;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Testing;

/// <summary>
/// Tenants that post without end, and their endpoints, which fail some attempts; all of it booked.
/// </summary>
public sealed partial class Traffic : IAsyncDisposable
{
    private static readonly string[] s_types = ["order.created", "order.paid", "user.created"];

    private readonly Served _server;
    private readonly TenantEndpointStub _receiver;
    private readonly Random _random;
    private readonly List<Tenant> _tenants = [];
    private readonly Dictionary<string, WebhookVerifier> _verifiers = new(StringComparer.Ordinal);
    private CancellationTokenSource _stop = new();
    private readonly List<Task> _posters = [];
    private volatile TaskCompletionSource? _held;
    private int _serial;
    private int _attempts;

    private Traffic(Served server, TenantEndpointStub receiver, int seed)
    {
        _server = server;
        _receiver = receiver;
        _random = new Random(seed);
        _receiver.Answer = AnswerAsync;
        _receiver.KeepsRequests = false;
    }

    /// <summary>The books.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>Every how many requests a receiver answers 500; 0 for never.</summary>
    public int FailEvery { get; init; }

    /// <summary>The tenants' API keys.</summary>
    public IEnumerable<string> TenantKeys => _tenants.Select(tenant => tenant.Key);

    /// <summary>Makes tenants with three endpoints each: all types, orders only, users only.</summary>
    public static async Task<Traffic> CreateAsync(
        Served server,
        int tenants,
        int seed = 0,
        int failEvery = 0
    )
    {
        var receiver = await TenantEndpointStub.StartAsync();
        var traffic = new Traffic(server, receiver, seed) { FailEvery = failEvery };
        for (var i = 0; i < tenants; i++)
        {
            var name = $"tenant-{i}";
            var key = await server.CreateTenantAsync(name);
            foreach (var filter in new[] { "all", "order", "user" })
            {
                var types = filter == "all" ? "" : $$""","event_types":["{{filter}}.*"]""";
                var answer = await server.PostAsync(
                    "/v1/endpoints",
                    key,
                    $$"""{"url":"{{new Uri(receiver.Url, $"/{name}/{filter}")}}"{{types}}}"""
                );
                answer.Require(201);
                traffic._verifiers[$"/{name}/{filter}"] = Verifier(answer["secret"]);
            }

            traffic._tenants.Add(new Tenant(name, key));
        }

        return traffic;
    }

    /// <summary>Starts posting, over that many connections at once; again, if it was stopped.</summary>
    public void Start(int posters)
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        var stop = _stop.Token;
        for (var i = 0; i < posters; i++)
        {
            _posters.Add(Task.Run(() => PostForEverAsync(stop), CancellationToken.None));
        }
    }

    /// <summary>Lets receivers take requests and answer none, until <see cref="Release"/>.</summary>
    public void Hold() => _held = new TaskCompletionSource();

    /// <summary>Lets receivers answer again, those requests first that wait.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    /// <summary>Posts no more; what is under way is answered or fails first.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_posters);
        _posters.Clear();
    }

    /// <summary>Posts one event and books it. Returns the answer; null if the connection broke.</summary>
    public async Task<Served.Answer?> PostOneAsync()
    {
        var post = Next();
        Ledger.Post(post.Marker, post.Payload, post.Endpoints);
        return await TryPostAsync(post);
    }

    /// <summary>Waits until every accepted event has come to each of its endpoints, and nothing is open.</summary>
    public async Task SettleAsync(TimeSpan patience)
    {
        await Until.HoldsAsync(
            () => ValueTask.FromResult(Ledger.Imbalance().Count == 0),
            patience,
            () => string.Join('\n', Ledger.Imbalance().Take(20)) + "\n" + _server.Process.Transcript
        );
        foreach (var key in TenantKeys)
        {
            await _server.WaitUntilSettledAsync(key, patience);
            RequireNone("dead letters", await _server.ListAsync(key, "DEAD_LETTER"));
        }

        RequireNone("imbalance", Ledger.Imbalance());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiver.DisposeAsync();
        _stop.Dispose();
    }

    private static void RequireNone(string what, IReadOnlyList<string> found)
    {
        if (found.Count > 0)
        {
            throw new InvalidOperationException(
                $"{found.Count} of {what}: {string.Join('\n', found.Take(20))}"
            );
        }
    }

    /// <summary>How old a signature is, is not asked here: tests shift the server's clock.</summary>
    private static WebhookVerifier Verifier(string secret) =>
        SigningSecret.TryParse(secret, out var parsed)
            ? new WebhookVerifier(
                [parsed],
                new WebhookVerifierOptions
                {
                    Tolerance = TimeSpan.FromDays(36_500),
                    Policy = SchemePolicy.Both,
                }
            )
            : throw new InvalidOperationException("An endpoint has a secret that cannot be read.");

    private async Task PostForEverAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var post = Next();
            Ledger.Post(post.Marker, post.Payload, post.Endpoints);
            var answer = await TryPostAsync(post);
            while (answer is null && !stop.IsCancellationRequested)
            {
                // The server is down. A key makes the repetition safe; without one the next event's turn.
                await Task.Delay(10, CancellationToken.None);
                if (post.IdempotencyKey is null)
                {
                    break;
                }

                answer = await TryPostAsync(post);
            }

            if (answer is { Status: not (201 or 503) })
            {
                throw new InvalidOperationException($"{answer.Status}: {answer.Text}");
            }
        }
    }

    private async Task<Served.Answer?> TryPostAsync(Post post)
    {
        try
        {
            var answer = await _server.PostAsync(
                "/v1/events",
                post.Key,
                post.Payload,
                post.IdempotencyKey
            );
            if (answer.Status == 201)
            {
                Ledger.Accept(post.Marker, answer["event_id"]);
            }

            return answer;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }

    private Post Next()
    {
        Tenant tenant;
        string type;
        int size;
        bool keyed;
        lock (_random)
        {
            tenant = _tenants[_random.Next(_tenants.Count)];
            type = s_types[_random.Next(s_types.Length)];
            // Mostly small; some beyond what memory keeps with a delivery (16 KiB).
            size = _random.Next(20) == 0 ? 20_000 : _random.Next(1, 2_000);
            keyed = _random.Next(2) == 0;
        }

        var marker = $"marker-{Interlocked.Increment(ref _serial):d8}";
        var payload =
            $$"""{ "type":"{{type}}",  "id":"{{marker}}", "pad":"{{new string('é', size)}}"}""";
        var filter = type.Split('.')[0];
        return new Post(
            tenant.Key,
            marker,
            Encoding.UTF8.GetBytes(payload),
            keyed ? marker : null,
            [$"/{tenant.Name}/all", $"/{tenant.Name}/{filter}"]
        );
    }

    private async Task<StubAnswer> AnswerAsync(ReceivedRequest request)
    {
        if (_held is { } held)
        {
            await held.Task;
        }

        var marker = MarkerPattern()
            .Match(
                Encoding.UTF8.GetString(request.Body.AsSpan(0, Math.Min(request.Body.Length, 100)))
            );
        if (
            !_verifiers.TryGetValue(request.Target, out var verifier)
            || verifier.Verify(SignaturesOf(request), request.Body)
                is not VerificationResult.Verified
        )
        {
            Ledger.Refuse(marker.Value, $"came to {request.Target} without a good signature");
        }

        var fails = FailEvery > 0 && Interlocked.Increment(ref _attempts) % FailEvery == 0;
        Ledger.Receive(
            request.Target,
            marker.Success ? marker.Value : null,
            request.Headers["webhook-id"],
            request.Body,
            !fails
        );
        return new StubAnswer(fails ? 500 : 204);
    }

    private static SignatureHeaders SignaturesOf(ReceivedRequest request) =>
        new(
            request.Headers.GetValueOrDefault("Stripe-Signature"),
            request.Headers.GetValueOrDefault("webhook-id"),
            request.Headers.GetValueOrDefault("webhook-timestamp"),
            request.Headers.GetValueOrDefault("webhook-signature")
        );

    [GeneratedRegex("marker-[0-9]{8}", RegexOptions.None, 1000)]
    private static partial Regex MarkerPattern();

    private sealed record Tenant(string Name, string Key);

    private sealed record Post(
        string Key,
        string Marker,
        byte[] Payload,
        string? IdempotencyKey,
        string[] Endpoints
    );
}
