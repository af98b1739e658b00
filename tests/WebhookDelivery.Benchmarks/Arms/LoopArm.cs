using System.Net;
using System.Text.Json;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// What draining is compared with: tasks that sign the same body both ways and POST it with the
/// platform's headers, as many as are in flight, with no queue, store, limit or guard.
/// </summary>
internal sealed class LoopArm : IDisposable
{
    private readonly Uri _target;
    private readonly int _count;
    private readonly SigningSecret[] _secrets = [SigningSecret.Generate()];
    private readonly HttpMessageInvoker _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        }
    );
    private int _taken;
    private int _refused;

    private LoopArm(Uri target, int count)
    {
        _target = target;
        _count = count;
    }

    public static async Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow("target", "count", "in-flight");
        var count = arguments.Whole("count", 0);
        using var loop = new LoopArm(new Uri(arguments.Text("target")), count);
        var workers = Enumerable
            .Range(0, arguments.Whole("in-flight", 64))
            .Select(_ => Task.Run(loop.WorkAsync))
            .ToArray();
        await Task.WhenAll(workers);
        Console.WriteLine(JsonSerializer.Serialize(new LoopReport(count, loop._refused)));
        return ExitCodes.Passed;
    }

    public void Dispose() => _http.Dispose();

    private async Task WorkAsync()
    {
        for (int n; (n = Interlocked.Increment(ref _taken)) <= _count; )
        {
            using var message = Sign($"evt_{n:d26}");
            using var response = await _http.SendAsync(message, CancellationToken.None);
            await response.Content.CopyToAsync(Stream.Null);
            if (!response.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _refused);
            }
        }
    }

    private HttpRequestMessage Sign(string id)
    {
        var signed = WebhookSigner.Sign(_secrets, id, DateTimeOffset.UtcNow, Payload.Bytes);
        var content = new ReadOnlyMemoryContent(Payload.Bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var message = new HttpRequestMessage(HttpMethod.Post, _target)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = message.Headers;
        headers.TryAddWithoutValidation("User-Agent", "WebhookDelivery/0.1.0");
        headers.TryAddWithoutValidation("webhook-id", signed.WebhookId);
        headers.TryAddWithoutValidation("webhook-timestamp", signed.WebhookTimestamp);
        headers.TryAddWithoutValidation("Stripe-Signature", signed.StripeSignature);
        headers.TryAddWithoutValidation("webhook-attempt", "1");
        headers.TryAddWithoutValidation("webhook-signature", signed.WebhookSignature);
        headers.TryAddWithoutValidation("webhook-event-type", Payload.Type);
        return message;
    }
}
