using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary>The real server, as <c>serve --dev</c> composes it, on a free loopback port.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private DemoServer(WebApplication application, string operatorKey)
    {
        _application = application;
        OperatorKey = operatorKey;
    }

    public string OperatorKey { get; }

    public string Url => _application.Urls.First();

    public static async Task<DemoServer> StartAsync(
        string directory,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = directory }
        );
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var settings = HostSettings.Read(
            // Empty: nothing of the machine's environment or settings files shall change the demo.
            new ConfigurationBuilder().Build(),
            directory,
            dev: true,
            TimeProvider.System.GetUtcNow()
        );
        var application = ServerHost.Build(builder, settings);
        var keys = ActivatorUtilities.CreateInstance<OperatorKeys>(application.Services);
        var operatorKey = await keys.MakeFirstAsync(cancellationToken);
        await application.StartAsync(cancellationToken);
        return new DemoServer(application, operatorKey!);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
