using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Testing;

/// <summary>
/// A tenant's endpoint that behaves: a web server on loopback that records every request as it came
/// and answers as scripted, 200 by default.
/// </summary>
public sealed class TenantEndpointStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private TenantEndpointStub(WebApplication app) => _app = app;

    /// <summary>Decides each answer; may wait. Set it at any time.</summary>
    public Func<ReceivedRequest, Task<StubAnswer>> Answer { get; set; } =
        static _ => Task.FromResult(new StubAnswer(200));

    /// <summary>Where tenants would have it: <c>http://127.0.0.1:port/hook</c>.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Whether <see cref="Requests"/> are kept; true by default, false for long runs.</summary>
    public bool KeepsRequests { get; set; } = true;

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>Starts a stub on a free port.</summary>
    public static async Task<TenantEndpointStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var stub = new TenantEndpointStub(app);
        app.Run(stub.ReceiveAsync);
        await app.StartAsync();
        var address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        stub.Url = new Uri($"{address}/hook");
        return stub;
    }

    /// <summary>Answers in turn; the last answer repeats.</summary>
    public void AnswerWith(params StubAnswer[] answers)
    {
        var next = -1;
        Answer = _ =>
            Task.FromResult(answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)]);
    }

    /// <summary>Waits until one more request has arrived than was waited for before.</summary>
    public Task WaitForRequestAsync(CancellationToken cancellationToken) =>
        _arrived.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new ReceivedRequest(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            ),
            body.ToArray()
        );
        if (KeepsRequests)
        {
            _requests.Enqueue(request);
        }

        _arrived.Release();
        var answer = await Answer(request);
        context.Response.StatusCode = answer.StatusCode;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        if (!answer.Body.IsEmpty)
        {
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }
}

/// <summary>A request as it came.</summary>
/// <param name="Method">Such as POST.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Every header, by name in any case.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record ReceivedRequest(
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
);

/// <summary>What a stub answers.</summary>
/// <param name="StatusCode">The status.</param>
public sealed record StubAnswer(int StatusCode)
{
    /// <summary>Extra headers; a name may repeat.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body; empty by default.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}
