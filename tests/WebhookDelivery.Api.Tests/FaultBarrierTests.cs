using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Api.Tests;

/// <summary>What cannot be brought about at will over a socket.</summary>
public sealed class FaultBarrierTests
{
    private readonly ConcurrentQueue<string> _log = new();

    [Theory]
    [InlineData(typeof(ConnectionResetException), false)]
    [InlineData(typeof(OperationCanceledException), true)]
    [InlineData(typeof(IOException), true)]
    public async Task Invoke_CallerHungUp_IsNoFaultToLog(Type thrown, bool aborted)
    {
        var context = await InvokeAsync(thrown, aborted);

        Assert.Equal(499, context.Response.StatusCode);
        Assert.Empty(_log);
    }

    [Theory]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(IOException))]
    public async Task Invoke_OwnFault_IsLoggedAndAnswered(Type thrown)
    {
        var context = await InvokeAsync(thrown, aborted: false);

        Assert.Equal(500, context.Response.StatusCode);
        Assert.Single(_log);
    }

    private async Task<HttpContext> InvokeAsync(Type thrown, bool aborted)
    {
        using var factory = LoggerFactory.Create(logging =>
            logging.AddProvider(new LogCapture(_log))
        );
        var exception = (Exception)Activator.CreateInstance(thrown, "gone")!;
        var barrier = new FaultBarrier(
            _ => Task.FromException(exception),
            factory.CreateLogger<FaultBarrier>()
        );
        var context = new DefaultHttpContext
        {
            RequestAborted = new CancellationToken(canceled: aborted),
        };
        await barrier.InvokeAsync(context);
        return context;
    }
}
