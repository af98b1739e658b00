using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The embedded engine, on a temporary directory.</summary>
public sealed class SqliteHome : IEngine
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>Where the data is.</summary>
    public string DataDirectory => Path.Combine(_directory.Path, "data");

    /// <inheritdoc/>
    public async Task<IRunningServer> StartAsync(ServerSetup setup) =>
        await ServerInProcess.StartAsync(
            setup,
            _directory.Path,
            [KeyValuePair.Create("DataDirectory", (string?)DataDirectory)]
        );

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
