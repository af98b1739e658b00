using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>An application with one webhook route, on Kestrel, called over loopback HTTP.</summary>
internal sealed class ReceiverApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReceiverApp(WebApplication app, string secret, FixedTime time, CapturedLog log)
    {
        _app = app;
        Secret = secret;
        Time = time;
        Log = log;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public string Secret { get; }

    public FixedTime Time { get; }

    public CapturedLog Log { get; }

    public ConcurrentQueue<ReceivedWebhook> Handled { get; private init; } = new();

    /// <summary>Starts the application; the handler runs after the webhook was noted.</summary>
    public static async Task<ReceiverApp> StartAsync(
        Func<ReceivedWebhook, CancellationToken, Task<WebhookReply>>? handler = null,
        string? secret = null,
        Action<WebhookReceiverOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<IEndpointRouteBuilder>? map = null
    )
    {
        secret ??= SigningSecret.Generate().Value;
        var time = new FixedTime(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var log = new CapturedLog();
        var handled = new ConcurrentQueue<ReceivedWebhook>();

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(time);
        services?.Invoke(builder.Services);
        builder.Services.AddWebhookReceiver(options =>
        {
            options.Secrets.Add(secret);
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapWebhook(
            "/webhooks",
            (webhook, cancellationToken) =>
            {
                handled.Enqueue(webhook);
                return handler?.Invoke(webhook, cancellationToken)
                    ?? Task.FromResult(WebhookReply.Processed);
            }
        );
        map?.Invoke(app);
        await app.StartAsync();
        return new ReceiverApp(app, secret, time, log) { Handled = handled };
    }

    public HttpRequestMessage Delivery(
        string id = "evt_1",
        string body = Deliveries.Body,
        int attempt = 1,
        string path = "/webhooks"
    ) => Deliveries.Signed(Secret, Time.Now, id, body, attempt, path);

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What a test looks at in a response.</summary>
internal sealed record Answer(int Status, string? Code, string Body, HttpResponseMessage Response)
{
    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        var isProblem =
            response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return new Answer(
            (int)response.StatusCode,
            isProblem ? JsonDocument.Parse(body).RootElement.GetProperty("code").GetString() : null,
            body,
            response
        );
    }
}
