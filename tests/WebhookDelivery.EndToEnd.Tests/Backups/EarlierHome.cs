using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The embedded engine, on the database of an earlier version.</summary>
public sealed class EarlierHome : IEngine
{
    private readonly TemporaryDirectory _directory = new();

    public EarlierHome() => Database.Unpack(Path.Combine(_directory.Path, "data"));

    /// <summary>What is there.</summary>
    public EarlierDatabase Database { get; } = EarlierDatabase.Read("version-1");

    /// <inheritdoc/>
    public async Task<IRunningServer> StartAsync(ServerSetup setup) =>
        await ServerInProcess.StartAsync(
            setup,
            _directory.Path,
            [
                KeyValuePair.Create(
                    "DataDirectory",
                    (string?)Path.Combine(_directory.Path, "data")
                ),
                KeyValuePair.Create("Secrets:MasterKey", (string?)Database.MasterKey),
            ]
        );

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
