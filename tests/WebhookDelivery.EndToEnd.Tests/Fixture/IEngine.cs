namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// Knows how a server is started on one engine, and owns what outlives a server: its store. All that
/// the suite knows of engines is here; everything else goes over HTTP.
/// </summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>Starts a server on a free loopback port; its store is that of the one before it.</summary>
    Task<IRunningServer> StartAsync(ServerSetup setup);
}
