using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer;

/// <summary>A web server whose requests are the events of an API Gateway HTTP API.</summary>
internal sealed class HttpApiServer(ILogger<HttpApiServer> logger) : IServer
{
    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Serves until cancelled. It does not return before: the process has nothing else to do.</summary>
    public async Task StartAsync<TContext>(
        IHttpApplication<TContext> application,
        CancellationToken cancellationToken
    )
        where TContext : notnull
    {
        using var bootstrap = new LambdaBootstrap(
            (input, _) => HandleAsync(application, input),
            initializer: null
        );
        await bootstrap.RunAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() { }

    private async Task<MemoryStream> HandleAsync<TContext>(
        IHttpApplication<TContext> application,
        MemoryStream input
    )
        where TContext : notnull
    {
        var features = HttpApiRequest.Read(input);
        using var body = new MemoryStream();
        var response = new BufferedResponse(body);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response.BodyFeature);
        var context = application.CreateContext(features);
        Exception? fault = null;
        try
        {
            try
            {
                await application.ProcessRequestAsync(context);
            }
            catch (Exception exception)
            {
                // The edge of the request: its sender gets an answer whatever happens.
                fault = exception;
                HttpApiLog.Unhandled(logger, exception);
                response.Fail(exception);
            }

            await response.FinishAsync();
            return HttpApiResponse.Write(response, body);
        }
        finally
        {
            application.DisposeContext(context, fault);
        }
    }
}
