using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>
/// Lambda's side of the Runtime API on loopback: hands out events, one at a time for each that asks,
/// and collects what becomes of them. Thread-safe.
/// </summary>
internal sealed class RuntimeApiDouble : IAsyncDisposable
{
    /// <summary>The most that Lambda takes as an answer, bytes.</summary>
    private const int AnswerBytesMax = 6 * 1024 * 1024;

    private readonly WebApplication _server;
    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>();
    private readonly ConcurrentDictionary<string, Pending> _underWay = new();
    private readonly TaskCompletionSource<InvocationEnd> _initError = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int _asked;

    private RuntimeApiDouble(WebApplication server)
    {
        _server = server;
        var root = "/2018-06-01/runtime";
        server.MapGet(root + "/invocation/next", NextAsync);
        server.MapPost(root + "/invocation/{id}/response", RespondAsync);
        server.MapPost(root + "/invocation/{id}/error", FailAsync);
        server.MapPost(root + "/init/error", FailInitAsync);
    }

    /// <summary>Host and port, as AWS_LAMBDA_RUNTIME_API has them.</summary>
    public string Address { get; private set; } = "";

    /// <summary>How often the next event was asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>What the function said of its failed start.</summary>
    public Task<InvocationEnd> InitError => _initError.Task;

    public static async Task<RuntimeApiDouble> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var api = new RuntimeApiDouble(builder.Build());
        api._server.Urls.Add("http://127.0.0.1:0");
        await api._server.StartAsync();
        var addresses = api
            ._server.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!;
        api.Address = new Uri(addresses.Addresses.Single()).Authority;
        return api;
    }

    /// <summary>Hands an event out, and waits for what becomes of it.</summary>
    /// <param name="json">The event.</param>
    /// <param name="timeLeft">How long the function has; default 60 s.</param>
    /// <param name="traceId">The X-Ray header; null for none.</param>
    public async Task<InvocationEnd> InvokeAsync(
        string json,
        TimeSpan? timeLeft = null,
        string? traceId = null
    )
    {
        var pending = new Pending(
            Guid.NewGuid().ToString(),
            json,
            timeLeft ?? TimeSpan.FromMinutes(1),
            traceId
        );
        _queue.Writer.TryWrite(pending);
        return await pending.End.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<string> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static async Task<InvocationEnd> ReadErrorAsync(HttpRequest request) =>
        new(
            Failed: true,
            await ReadAsync(request),
            request.ContentType,
            request.Headers["Lambda-Runtime-Function-Error-Type"]
        );

    private static Task AcceptAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status202Accepted;
        return response.WriteAsJsonAsync(new { status = "OK" });
    }

    private async Task NextAsync(HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        var next = await _queue.Reader.ReadAsync(context.RequestAborted);
        _underWay[next.Id] = next;
        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = next.Id;
        headers["Lambda-Runtime-Deadline-Ms"] = (DateTimeOffset.UtcNow + next.TimeLeft)
            .ToUnixTimeMilliseconds()
            .ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] =
            "arn:aws:lambda:us-east-1:123456789012:function:webhooks";
        if (next.TraceId is not null)
        {
            headers["Lambda-Runtime-Trace-Id"] = next.TraceId;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(next.Json);
    }

    private async Task RespondAsync(HttpContext context, string id)
    {
        var answer = await ReadAsync(context.Request);
        if (answer.Length > AnswerBytesMax)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        await EndAsync(context, id, new(Failed: false, answer, context.Request.ContentType, null));
    }

    private async Task FailAsync(HttpContext context, string id) =>
        await EndAsync(context, id, await ReadErrorAsync(context.Request));

    private async Task FailInitAsync(HttpContext context)
    {
        _initError.TrySetResult(await ReadErrorAsync(context.Request));
        await AcceptAsync(context.Response);
    }

    /// <summary>As Lambda does, takes one end for an invocation that it handed out, and no second one.</summary>
    private async Task EndAsync(HttpContext context, string id, InvocationEnd end)
    {
        if (!_underWay.TryRemove(id, out var pending))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await AcceptAsync(context.Response);
        pending.End.TrySetResult(end);
    }

    private sealed record Pending(string Id, string Json, TimeSpan TimeLeft, string? TraceId)
    {
        public TaskCompletionSource<InvocationEnd> End { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
