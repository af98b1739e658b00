using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Testing;

/// <summary>
/// A way to an emulator that can fail. It passes on what comes, byte for byte, keeps a record of it,
/// and lets rules (<see cref="AwsFault"/>, or a test's own) answer in the emulator's place.
/// </summary>
/// <remarks>
/// Give <see cref="Url"/> to a client as its service URL. The URL of a queue stays that of the
/// emulator: it names the queue, and the client sends nothing there.
/// </remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly Lock _gate = new();
    private readonly List<Rule> _rules = [];
    private readonly HttpMessageInvoker _upstream = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
        }
    );
    private readonly Uri _emulator;
    private readonly WebApplication _app;

    private FaultProxy(Uri emulator)
    {
        _emulator = emulator;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>Where it listens: what to give to a client as its service URL.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>Every request so far, oldest first, whatever came of it.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => [.. _requests];

    /// <summary>Starts one in front of an emulator.</summary>
    public static async Task<FaultProxy> StartAsync(string emulatorUrl)
    {
        var proxy = new FaultProxy(new Uri(emulatorUrl));
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>The requests of an operation so far, such as SendMessage.</summary>
    public IReadOnlyList<ProxiedRequest> Of(string operation) =>
        [.. _requests.Where(request => request.Operation == operation)];

    /// <summary>Puts a rule on an operation, such as PutItem. The rule that was put last decides.</summary>
    /// <param name="operation">The operation; null for every request.</param>
    /// <param name="rule">What to do.</param>
    /// <param name="times">How many requests it applies to.</param>
    /// <returns>Lifts the rule when disposed.</returns>
    public IDisposable On(string? operation, ProxyRule rule, int times = int.MaxValue) =>
        On(request => operation is null || request.Operation == operation, rule, times);

    /// <summary>Puts a rule on the requests that match.</summary>
    public IDisposable On(
        Func<ProxiedRequest, bool> matches,
        ProxyRule rule,
        int times = int.MaxValue
    )
    {
        var added = new Rule(this, matches, rule, times);
        lock (_gate)
        {
            _rules.Add(added);
        }

        return added;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using (var atOnce = new CancellationTokenSource())
        {
            await atOnce.CancelAsync();
            await _app.StopAsync(atOnce.Token);
        }

        await _app.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            var request = await ReadAsync(context);
            _requests.Enqueue(request);
            var forward = (ProxiedRequest changed) => ForwardAsync(changed, context.RequestAborted);
            var response = Find(request) is { } rule
                ? await rule(request, forward).WaitAsync(context.RequestAborted)
                : await forward(request);
            if (response is null)
            {
                context.Abort();
                return;
            }

            await WriteAsync(context, response);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            // The client or the emulator hung up: so does the proxy.
            context.Abort();
        }
    }

    private ProxyRule? Find(ProxiedRequest request)
    {
        lock (_gate)
        {
            var rule = _rules.FindLast(each => each.Left > 0 && each.Matches(request));
            if (rule is null)
            {
                return null;
            }

            rule.Left--;
            return rule.Apply;
        }
    }

    private static async Task<ProxiedRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        return new ProxiedRequest
        {
            Method = context.Request.Method,
            Path = context.Request.GetEncodedPathAndQuery(),
            Operation = target[(target.LastIndexOf('.') + 1)..],
            Headers = context.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            ),
            Body = body.ToArray(),
        };
    }

    private async Task<ProxiedResponse> ForwardAsync(
        ProxiedRequest request,
        CancellationToken cancellationToken
    )
    {
        using var message = new HttpRequestMessage(
            new HttpMethod(request.Method),
            new Uri(_emulator, request.Path)
        );
        if (request.Body.Length > 0)
        {
            message.Content = new ByteArrayContent(request.Body);
        }

        foreach (var (name, value) in request.Headers.Where(header => !IsOfConnection(header.Key)))
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await _upstream.SendAsync(message, cancellationToken);
        return new ProxiedResponse
        {
            Status = (int)response.StatusCode,
            Headers = response
                .Headers.Concat(response.Content.Headers)
                .Where(header => !IsOfConnection(header.Key))
                .ToDictionary(
                    header => header.Key,
                    header => string.Join(", ", header.Value),
                    StringComparer.OrdinalIgnoreCase
                ),
            Body = await response.Content.ReadAsByteArrayAsync(cancellationToken),
        };
    }

    private static async Task WriteAsync(HttpContext context, ProxiedResponse response)
    {
        context.Response.StatusCode = response.Status;
        foreach (var (name, value) in response.Headers)
        {
            context.Response.Headers[name] = value;
        }

        // What answers HEAD, and what has no body, says its length nowhere.
        if (response.Body.Length > 0)
        {
            context.Response.ContentLength = response.Body.Length;
            await context.Response.Body.WriteAsync(response.Body, context.RequestAborted);
        }
    }

    private static bool IsOfConnection(string header) =>
        header.ToUpperInvariant()
            is "HOST"
                or "CONNECTION"
                or "KEEP-ALIVE"
                or "TRANSFER-ENCODING"
                or "CONTENT-LENGTH"
                or "EXPECT";

    private sealed class Rule(
        FaultProxy proxy,
        Func<ProxiedRequest, bool> matches,
        ProxyRule apply,
        int times
    ) : IDisposable
    {
        public int Left { get; set; } = times;

        public ProxyRule Apply => apply;

        public bool Matches(ProxiedRequest request) => matches(request);

        public void Dispose()
        {
            lock (proxy._gate)
            {
                proxy._rules.Remove(this);
            }
        }
    }
}
