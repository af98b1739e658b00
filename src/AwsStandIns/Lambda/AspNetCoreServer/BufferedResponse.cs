using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Amazon.Lambda.AspNetCoreServer;

/// <summary>An answer that is kept whole until the application is done, and so never has started.</summary>
internal sealed class BufferedResponse : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _completed = new();
    private readonly MemoryStream _body;
    private bool _failed;

    public BufferedResponse(MemoryStream body)
    {
        _body = body;
        BodyFeature = new StreamResponseBodyFeature(body);
    }

    public StreamResponseBodyFeature BodyFeature { get; }

    public override void OnStarting(Func<object, Task> callback, object state) =>
        _starting.Push((callback, state));

    public override void OnCompleted(Func<object, Task> callback, object state) =>
        _completed.Push((callback, state));

    /// <summary>Makes it a 500 without a body.</summary>
    public void Fail(Exception exception)
    {
        _failed = true;
        StatusCode = StatusCodes.Status500InternalServerError;
        Headers.Clear();
        Headers["ErrorType"] = exception.GetType().Name;
        _body.SetLength(0);
    }

    /// <summary>Calls those who wait for it to start, and those who wait for its end.</summary>
    public async Task FinishAsync()
    {
        await CallAsync(_starting);
        if (!_failed)
        {
            await BodyFeature.CompleteAsync();
        }

        await CallAsync(_completed);
    }

    /// <summary>Last come, first called, as servers do.</summary>
    private static async Task CallAsync(
        Stack<(Func<object, Task> Callback, object State)> callbacks
    )
    {
        while (callbacks.TryPop(out var next))
        {
            await next.Callback(next.State);
        }
    }
}
