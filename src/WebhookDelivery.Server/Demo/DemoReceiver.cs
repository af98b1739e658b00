using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebhookDelivery.Receiver;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Server;

/// <summary>
/// A tenant's side of the demo: a real receiver on a loopback port, on the library that integrators
/// use, with a route per endpoint that can be told to fail.
/// </summary>
internal sealed class DemoReceiver : IWebhookSecretSource, IAsyncDisposable
{
    private static readonly string[] s_signing =
    [
        "Stripe-Signature",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "webhook-event-type",
        "webhook-attempt",
    ];

    private readonly ConcurrentDictionary<string, Route> _routes = new(StringComparer.Ordinal);
    private readonly WebApplication _application;

    private DemoReceiver(IReadOnlyList<string> routes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddWebhookReceiver(_ => { });
        builder.Services.Replace(ServiceDescriptor.Singleton<IWebhookSecretSource>(this));
        _application = builder.Build();
        _application.Use(CaptureAsync);
        foreach (var name in routes)
        {
            var route = _routes.GetOrAdd(name, _ => new Route());
            _application.MapWebhook("/" + name, (_, _) => Task.FromResult(route.Answer()));
        }
    }

    public static async Task<DemoReceiver> StartAsync(
        IReadOnlyList<string> routes,
        CancellationToken cancellationToken
    )
    {
        var receiver = new DemoReceiver(routes);
        await receiver._application.StartAsync(cancellationToken);
        return receiver;
    }

    public string UrlOf(string route) => $"{_application.Urls.First()}/{route}";

    /// <summary>Tells a route the secret that its endpoint was given.</summary>
    public void Trust(string route, string secret) =>
        _routes[route].Secrets = SigningSecret.TryParse(secret, out var parsed)
            ? [parsed]
            : throw new InvalidDataException("The server gave a secret that is not one.");

    /// <summary>Has a route answer 500 for so many deliveries; <see cref="int.MaxValue"/> until mended.</summary>
    public void Break(string route, int times) => _routes[route].FailuresLeft = times;

    /// <summary>Has a route answer as it should again.</summary>
    public void Mend(string route) => _routes[route].FailuresLeft = 0;

    /// <summary>What a route got so far, oldest first.</summary>
    public IReadOnlyList<Capture> CapturesOf(string route) => [.. _routes[route].Captures];

    public ValueTask<IReadOnlyList<SigningSecret>> GetSecretsAsync(
        HttpContext context,
        CancellationToken cancellationToken
    ) => new(_routes[context.Request.Path.Value![1..]].Secrets);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task CaptureAsync(HttpContext context, RequestDelegate next)
    {
        var at = TimeProvider.System.GetUtcNow();
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        context.Request.Body = body;
        await next(context);
        if (_routes.TryGetValue(context.Request.Path.Value![1..], out var route))
        {
            var headers = s_signing
                .Where(context.Request.Headers.ContainsKey)
                .ToDictionary(name => name, name => context.Request.Headers[name].ToString());
            route.Captures.Enqueue(
                new Capture(headers, body.ToArray(), at, context.Response.StatusCode)
            );
        }
    }

    private sealed class Route
    {
        private int _failuresLeft;

        public IReadOnlyList<SigningSecret> Secrets { get; set; } = [];

        public ConcurrentQueue<Capture> Captures { get; } = new();

        public int FailuresLeft
        {
            set => Volatile.Write(ref _failuresLeft, value);
        }

        public WebhookReply Answer() =>
            Interlocked.Decrement(ref _failuresLeft) >= 0
                ? WebhookReply.Failed()
                : WebhookReply.Processed;
    }
}
