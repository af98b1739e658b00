namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// The loop that serves invocations, one after the other: take the next, call the handler, hand in
/// the answer or the error.
/// </summary>
public sealed class LambdaBootstrap : IDisposable
{
    /// <summary>Where tracing libraries look for the current invocation's X-Ray header.</summary>
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    private readonly InvocationHandler _handler;
    private readonly LambdaBootstrapInitializer? _initializer;
    private readonly RuntimeApiClient _client = RuntimeApiClient.FromEnvironment();

    internal LambdaBootstrap(InvocationHandler handler, LambdaBootstrapInitializer? initializer)
    {
        _handler = handler;
        _initializer = initializer;
    }

    /// <summary>Initializes, then serves until cancelled; a handler's exception ends only its invocation.</summary>
    /// <exception cref="HttpRequestException">
    /// Lambda refused an exchange or cannot be reached: the process should end, and gets a successor.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (!await InitializeAsync())
        {
            return;
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ServeOneAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<bool> InitializeAsync()
    {
        try
        {
            return _initializer is null || await _initializer();
        }
        catch (Exception exception)
        {
            // Whatever it is, Lambda shows it to whoever invokes the function.
            await Console.Error.WriteLineAsync(exception.ToString());
            await _client.ReportInitErrorAsync(exception);
            throw;
        }
    }

    private async Task ServeOneAsync(CancellationToken cancellationToken)
    {
        var invocation = await _client.NextAsync(cancellationToken);
        Environment.SetEnvironmentVariable(TraceVariable, invocation.TraceId);
        MemoryStream answer;
        try
        {
            answer = await _handler(invocation.Event, invocation);
        }
        catch (Exception exception)
        {
            // The loop's edge: the invocation has failed, and the next may well succeed.
            await Console.Error.WriteLineAsync(exception.ToString());
            await _client.ReportErrorAsync(invocation.AwsRequestId, exception);
            return;
        }

        await _client.RespondAsync(invocation.AwsRequestId, answer);
    }
}
